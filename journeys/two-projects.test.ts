import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInstallation, type Installation } from "./installation.ts";
import { stepsOfOneStory } from "./steps.ts";

/** What a command said, wherever it said it. */
async function said(cloudsmith: Installation, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await cloudsmith.run(args);
  return stdout + stderr;
}

/** The commands that a text tells the reader to type. */
function hints(text: string): string[] {
  return [...text.matchAll(/cloudsmith ([a-z][^\n`:;,]*)/g)].map(([, command = ""]) => command.trim());
}

describe("two projects on one machine: every text names the one it is about", () => {
  stepsOfOneStory();
  let cloudsmith: Installation;
  let site: string;

  beforeAll(async () => {
    cloudsmith = await createInstallation();
    site = await cloudsmith.copyOf("static-site");
    const other = cloudsmith.folder.file("blog");
    await mkdir(other);
    await writeFile(join(other, "index.html"), "<!doctype html><title>blog</title>");
    expect((await cloudsmith.run(["deploy", site])).code).toBe(0);
    expect((await cloudsmith.run(["deploy", other])).code).toBe(0);
  });
  afterAll(async () => cloudsmith[Symbol.asyncDispose]());

  it("asks which one is meant, with the very command and a name that works in it", async () => {
    for (const [args, hint] of [
      [["status"], "status static-site"],
      [["rollback"], "rollback static-site"],
      [["logs", "--build"], "logs static-site"],
      [["env", "ls"], "env ls -p static-site"],
      [["secret", "unset", "TOKEN"], "secret unset -p static-site"],
    ] as const) {
      const text = await said(cloudsmith, ...args);
      expect(text).toContain("static-site, blog");
      expect(hints(text)).toContain(hint);
    }
  });

  it("names the way that this person starts it, also where the agent wrote the text", async () => {
    const { stderr } = await cloudsmith.run(["rollback", "blog"], {
      env: { CLOUDSMITH_RUN_AS: "npm run cloudsmith --" },
    });
    expect(stderr).toContain("npm run cloudsmith -- status blog");
  });

  it("takes the project whose folder is nearest", async () => {
    const inner = join(site, "docs");
    expect((await cloudsmith.run(["deploy", inner])).code).toBe(0);
    expect(await cloudsmith.json(["status"], { cwd: inner })).toMatchObject({ project: "docs-app" });
    expect(await cloudsmith.json(["status"], { cwd: site })).toMatchObject({ project: "static-site" });
  });

  it("calls one deployment live and the earlier ones what they are", async () => {
    await cloudsmith.run(["redeploy", "blog"]);
    const lines = (await said(cloudsmith, "status", "blog")).split("\n");
    expect(lines.find((line) => line.includes("#2"))).toMatch(/▸ #2 +live +redeploy/);
    expect(lines.find((line) => line.includes("#1"))).toMatch(/#1 +was live +manual/);
    expect(await said(cloudsmith, "diff", "blog")).toContain("#1 (was live) → #2 (live)");
  });

  it("names the project in what it tells to do next", async () => {
    expect(hints(await said(cloudsmith, "env", "set", "-p", "blog", "A=1"))).toEqual(["redeploy blog"]);
    expect(hints(await said(cloudsmith, "status", "blog"))).toEqual(["redeploy blog"]);
    await cloudsmith.run(["rollback", "blog"]);
    expect(hints(await said(cloudsmith, "status", "blog"))).toEqual(["redeploy blog", "resume blog"]);
    expect(hints(await said(cloudsmith, "rollback", "blog", "--to", "99"))).toEqual(["status blog"]);
    expect(hints(await said(cloudsmith, "stop", "blog"))).toEqual(["start blog"]);
  });

  it("says that an app is up again only once it is, with its address", async () => {
    const text = await said(cloudsmith, "start", "blog");
    expect(text).toContain("healthy");
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? "";
    expect((await fetch(address)).status).toBe(200);
  });

  it("tells what was not there to be taken away", async () => {
    expect(await said(cloudsmith, "env", "unset", "-p", "blog", "A", "NEVER")).toContain("NEVER is not set for blog");
    expect(await said(cloudsmith, "secret", "unset", "-p", "blog", "NEVER")).toContain("NEVER is not set for blog");
  });

  it("gives the new address of a project that was renamed", async () => {
    const text = await said(cloudsmith, "rename", "blog", "journal");
    expect(text).toContain("http://journal.localhost:");
    expect(text).not.toContain("http://blog.localhost:");
  });

  it("says why there is nothing to fix", async () => {
    expect(await said(cloudsmith, "fix", "journal")).toContain("did not fail");
  });
});
