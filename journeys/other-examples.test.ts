import { tempDir } from "@cloudsmith/testkit";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf, resultOf } from "./deployment-result.ts";
import { createInstallation, runCommand, type Installation } from "./installation.ts";

describe("each example is live after one command", () => {
  let cloudsmith: Installation;
  beforeAll(async () => {
    cloudsmith = await createInstallation();
  });
  afterAll(() => cloudsmith[Symbol.asyncDispose]());

  async function deployed(example: string, ...args: string[]): Promise<string> {
    const { code, items } = await cloudsmith.stream(["deploy", await cloudsmith.copyOf(example), ...args]);
    expect(code, JSON.stringify(items.at(-1))).toBe(0);
    return addressOf(items);
  }

  it("static site: clean URLs, an own page for what is not there", async () => {
    const url = await deployed("static-site");
    expect(await (await fetch(`${url}/docs/`)).text()).toContain("docs/index.html");
    const missing = await fetch(`${url}/nowhere`);
    expect(missing.status).toBe(404);
    expect(await missing.text()).toContain("There is no such page here");
  });

  it("Vite: a route of the client opened directly, hashed assets that may be kept for ever", async () => {
    const url = await deployed("vite-spa");
    const page = await (await fetch(`${url}/planets/mars`, { headers: { accept: "text/html" } })).text();
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1];
    const asset = await fetch(`${url}${script}`);
    expect(asset.status).toBe(200);
    expect(asset.headers.get("cache-control")).toContain("immutable");
  });

  it("Express: the release command has run before it is live", async () => {
    const url = await deployed("express-api");
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ missing: [] });
  });

  it("Next: a page and a route of the server, and events that come as they are sent", async () => {
    const url = await deployed("next-app");
    expect(await (await fetch(url)).text()).toContain("Next app");
    expect(await (await fetch(`${url}/api/time`)).json()).toHaveProperty("now");
    const events = await fetch(`${url}/api/ticks`);
    const first = await events.body?.getReader().read();
    expect(new TextDecoder().decode(first?.value)).toContain("data: 0");
  });

  it("a Git repository: a branch of it, and an app in a sub-folder", async () => {
    await using repository = await tempDir("cloudsmith-repository-");
    const git = (...args: string[]) =>
      runCommand(["git", "-C", repository.path, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
        cwd: repository.path,
        env: process.env,
      });
    await git("init", "-b", "main");
    await writeFile(join(repository.path, "readme.txt"), "not an app");
    await git("add", "-A");
    await git("commit", "-m", "first");
    await git("switch", "-c", "site");
    await mkdir(join(repository.path, "web"));
    await writeFile(join(repository.path, "web", "index.html"), "<h1>from a branch</h1>");
    await git("add", "-A");
    await git("commit", "-m", "A page on a branch");
    const { code, items } = await cloudsmith.stream([
      "deploy",
      `file://${repository.path}#site`,
      "--dir",
      "web",
      "--name",
      "branch-site",
    ]);
    expect(code, JSON.stringify(items.at(-1))).toBe(0);
    expect(resultOf(items).deployment.commit?.message).toContain("A page on a branch");
    expect(await (await fetch(addressOf(items))).text()).toContain("from a branch");
  });

  it("lists them all", async () => {
    const { stdout } = await cloudsmith.run(["ls"]);
    for (const name of ["static-site", "vite-spa", "express-api", "next-app", "branch-site"])
      expect(stdout).toContain(name);
  });
});
