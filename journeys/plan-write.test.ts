import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createInstallation, type Installation } from "./installation.ts";

let cloudsmith: Installation;
beforeAll(async () => {
  cloudsmith = await createInstallation();
});
afterAll(() => cloudsmith[Symbol.asyncDispose]());

it("a plan is written into the app's folder, and what is there is not replaced unasked", async () => {
  const root = cloudsmith.folder.file("repository");
  const app = join(root, "apps", "web");
  await mkdir(app, { recursive: true });
  await writeFile(join(app, "server.js"), "require('node:http').createServer().listen(process.env.PORT);\n");
  await writeFile(join(app, "package.json"), JSON.stringify({ scripts: { start: "node server.js" } }));
  const file = join(app, "cloudsmith.json");

  const written = await cloudsmith.run(["plan", root, "--write"]);
  expect(written).toMatchObject({ code: 0, stdout: expect.stringContaining(file) });
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ start: "node server.js" });
  expect(await cloudsmith.json(["plan", root, "--write"])).toMatchObject({ written: file });

  const own = JSON.stringify({ start: "node server.js --own", env: { GREETING: "hi" } });
  await writeFile(file, own);
  const asked = await cloudsmith.run(["plan", root, "--write"]);
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain("--yes");
  expect(await readFile(file, "utf8")).toBe(own);
  expect((await cloudsmith.run(["plan", root, "--write", "--yes"])).code).toBe(0);
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
    start: "node server.js --own",
    env: { GREETING: "hi" },
  });

  await writeFile(file, `// by hand\n${own}`);
  const commented = await cloudsmith.run(["plan", root, "--write", "--yes"]);
  expect(commented).toMatchObject({ code: 2, stderr: expect.stringContaining("comments") });
});

it("a Git repository is not written to", async () => {
  const { code, stderr } = await cloudsmith.run(["plan", "https://example.org/some/app.git", "--write"]);
  expect(code).toBe(2);
  expect(stderr).toContain("Clone it");
});
