import { waitFor } from "@cloudsmith/testkit";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInstallation, type Installation } from "./installation.ts";

describe("Ctrl-C while a deployment is followed", () => {
  let cloudsmith: Installation;

  beforeAll(async () => {
    cloudsmith = await createInstallation();
    expect((await cloudsmith.run(["agent", "start"])).code).toBe(0);
  });
  afterAll(async () => cloudsmith[Symbol.asyncDispose]());

  /** An app whose build says that it runs and waits for a file. */
  async function waiting(name: string): Promise<{ folder: string; open: () => Promise<void> }> {
    const folder = cloudsmith.folder.file(name);
    const gate = cloudsmith.folder.file(`${name}-gate`);
    await mkdir(folder);
    await writeFile(
      join(folder, "build.mjs"),
      `import { existsSync, mkdirSync, writeFileSync } from "node:fs";
console.log("the build waits");
const timer = setInterval(() => {
  if (!existsSync(${JSON.stringify(gate)})) return;
  clearInterval(timer);
  mkdirSync("dist", { recursive: true });
  writeFileSync("dist/index.html", "built");
}, 50);
setTimeout(() => process.exit(9), 90_000).unref();`,
    );
    await writeFile(join(folder, "package.json"), JSON.stringify({ name, scripts: { build: "node build.mjs" } }));
    await writeFile(join(folder, "cloudsmith.json"), JSON.stringify({ build: "node build.mjs", output: "dist" }));
    return { folder, open: () => writeFile(gate, "") };
  }

  async function following(
    folder: string,
    terminal: boolean,
  ): Promise<{ child: ChildProcessWithoutNullStreams; said: () => string }> {
    const child = cloudsmith.start(["deploy", folder], { terminal });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (text += part.toString()));
    await waitFor("the build to wait", () => text.includes("the build waits"), { timeoutMs: 60_000 });
    return { child, said: () => text };
  }

  async function exitOf(child: ChildProcessWithoutNullStreams): Promise<unknown> {
    if (child.exitCode !== null) return child.exitCode;
    const [code] = await once(child, "exit");
    return code;
  }

  async function stateOf(project: string): Promise<unknown> {
    const status = Object(await cloudsmith.json(["status", project]));
    const [newest] = Reflect.get(status, "deployments");
    return newest.state;
  }

  const settled = (project: string, state: string): Promise<unknown> =>
    waitFor(`${project} to be ${state}`, async () => (await stateOf(project)) === state, { timeoutMs: 60_000 });

  it("where nobody can be asked, an interrupt leaves, and the deployment goes live", async () => {
    const { folder, open } = await waiting("left");
    const { child, said } = await following(folder, false);
    child.kill("SIGINT");
    expect(await exitOf(child)).toBe(130);
    expect(said()).toContain("It goes on without this window");
    await open();
    await settled("left", "live");
  });

  it("on a terminal it asks, and `c` cancels", async () => {
    const { folder } = await waiting("canceled");
    const { child, said } = await following(folder, true);
    child.stdin.write("\u0003");
    await waitFor("the question", () => said().includes("Leave it running"), { timeoutMs: 20_000 });
    child.stdin.write("c");
    expect(await exitOf(child)).toBe(130);
    expect(said()).toContain("Canceled");
    await settled("canceled", "canceled");
  });

  it("a second one leaves at once, and the deployment goes live", async () => {
    const { folder, open } = await waiting("twice");
    const { child, said } = await following(folder, true);
    child.stdin.write("\u0003");
    await waitFor("the question", () => said().includes("Leave it running"), { timeoutMs: 20_000 });
    child.stdin.write("\u0003");
    expect(await exitOf(child)).toBe(130);
    await open();
    await settled("twice", "live");
  });
});
