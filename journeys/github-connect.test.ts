import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitHubDouble, waitFor, walk } from "@cloudsmith/testkit";
import { resultOf } from "./deployment-result.ts";
import { createInstallation, type Installation } from "./installation.ts";
import { stepsOfOneStory } from "./steps.ts";

describe("GitHub from the command line: connected, and deployed with", () => {
  stepsOfOneStory();
  let github: GitHubDouble;
  let cloudsmith: Installation;
  let opened: string;

  /** A browser that writes down what it was asked to open. */
  async function makeBrowser(program: string): Promise<void> {
    await writeFile(program, `#!/bin/sh\nprintf %s "$1" > "${opened}"\n`);
    await chmod(program, 0o755);
  }

  /** Runs `github connect …`, goes the person's way in the browser, and gives what the command said. */
  async function connect(...args: string[]): Promise<{ code: number | null; stdout: string; end: string }> {
    await writeFile(opened, "");
    const running = cloudsmith.run(["github", "connect", ...args], {
      env: { BROWSER: cloudsmith.folder.file("browser") },
    });
    const address = await waitFor(
      "the browser to be opened",
      async () => (await readFile(opened, "utf8")) || undefined,
      {
        timeoutMs: 60_000,
      },
    );
    const { text } = await walk(address);
    const { code, stdout } = await running;
    return { code, stdout, end: text };
  }

  beforeAll(async () => {
    github = await GitHubDouble.start();
    cloudsmith = await createInstallation({ env: { CLOUDSMITH_GITHUB_URL: github.bases.web } });
    opened = cloudsmith.folder.file("opened");
    await makeBrowser(cloudsmith.folder.file("browser"));
    await github.addRepository("octocat/shop", { "index.html": "<!doctype html><p>from a private repository" });
  });
  afterAll(async () => {
    await cloudsmith[Symbol.asyncDispose]();
    await github[Symbol.asyncDispose]();
  });

  it("makes an app of one's own and signs in with it, in the browser that it opens", async () => {
    const { code, stdout, end } = await connect();
    expect(stdout).toContain("Signed in to GitHub as octocat");
    expect(code).toBe(0);
    expect(end).not.toContain("went wrong");
    expect(await cloudsmith.json(["github", "accounts"])).toMatchObject([
      { kind: "github-app", login: "octocat", state: "ready" },
    ]);
  });

  it("deploys a private repository with that account, which the project keeps", async () => {
    const source = `${github.bases.web}/octocat/shop.git`;
    const refused = await cloudsmith.run(["deploy", source, "--name", "refused"]);
    expect(refused.code).not.toBe(0);
    const { code, items } = await cloudsmith.stream(["deploy", source, "--name", "shop", "--account", "octocat"]);
    expect(code).toBe(0);
    const { environment } = resultOf(items);
    expect(await (await fetch(environment.plainUrl ?? "")).text()).toContain("from a private repository");
    expect(await cloudsmith.json(["github", "accounts"])).toMatchObject([{ projects: ["shop"] }]);
    expect((await cloudsmith.run(["redeploy", "shop"])).code).toBe(0);
  });

  it("puts no token into what it says or logs", async () => {
    const { stdout, stderr } = await cloudsmith.run(["logs", "shop", "--build"]);
    const agent = await readFile(join(cloudsmith.data, "agent.log"), "utf8").catch(() => "");
    for (const token of github.world.tokens.keys()) expect(stdout + stderr + agent).not.toContain(token);
  });
});
