import { mkdir, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Define } from "../cli.ts";

/** `cloudsmith support-bundle` */
export const define: Define = (command, cli) => {
  command.option("-o, --output <folder>", "where to write it").action(async ({ output }: { output?: string }) => {
    const client = await cli.connect({ start: true });
    const files = await client.system.supportBundle();
    const day = new Date().toISOString().slice(0, 19).replaceAll(":", "");
    const folder = resolve(output ?? `cloudsmith-support-${day}`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const { name, content } of files) await writeFile(join(folder, basename(name)), content, { mode: 0o600 });
    cli.out.result({ folder, files: files.map(({ name }) => name) }, () => [
      folder,
      ...files.map(({ name }) => `  ${name}`),
      "Values of variables and secrets are not in it. Read through it before you share it.",
    ]);
  });
};
