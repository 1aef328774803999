import type { Cli } from "./cli.ts";

/** Opens an address in the person's own browser, or says that they have to. */
export async function openBrowser(cli: Cli, url: string): Promise<void> {
  const { default: open } = await import("open");
  const child = await open(url);
  child.on("error", () => cli.out.note("No browser could be opened here; open the address yourself"));
}
