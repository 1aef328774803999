import type { Cli } from "./cli.ts";

/** Opens an address in the person's browser; says so where there is none. */
export async function openBrowser(cli: Cli, url: string): Promise<void> {
  const { default: open } = await import("open");
  const child = await open(url);
  child.on("error", () => cli.out.note("No browser could be opened here; open the address yourself"));
}

/** Whether a browser could be seen here: there is a screen, and nobody came by the network. */
export function hasScreen(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (isSet(environment["SSH_CONNECTION"]) || isSet(environment["CI"])) return false;
  return platform !== "linux" || isSet(environment["DISPLAY"]) || isSet(environment["WAYLAND_DISPLAY"]);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
