import { expect, it } from "vitest";
import type { Cli } from "./cli.ts";
import { createOutput } from "./output.ts";
import { createProgram } from "./program.ts";
import { renderReference } from "./reference.ts";

it("docs/cli.md is what the commands say of themselves (write it anew with `npx vitest run reference -u`)", async () => {
  const cli: Cli = {
    out: createOutput({ json: false }),
    hint: (command) => `cloudsmith ${command}`,
    naming: (project) => `cloudsmith status ${project}`,
    connect: () => Promise.reject(new Error("a reference needs no agent")),
  };
  const program = await createProgram(cli, () => true);
  await expect(renderReference(program)).toMatchFileSnapshot("../../../docs/cli.md");
});
