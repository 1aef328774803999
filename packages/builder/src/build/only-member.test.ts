import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepOnlyMember } from "./only-member.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "only-member-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("a workspace keeps the app, what the app needs, and its settings", () => {
  const files = {
    "pnpm-workspace.yaml": "packages:\n  - apps/*\n  - packages/*\nallowBuilds:\n  esbuild: false\n",
    "apps/web/package.json": '{"name":"web","dependencies":{"ui":"workspace:*"}}',
    "apps/other/package.json": '{"name":"other","dependencies":{"of-nobody":"1"}}',
    "packages/ui/package.json": '{"name":"ui"}',
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  keepOnlyMember(root, { appDir: "apps/web", installDir: "" });
  expect(parse(readFileSync(join(root, "pnpm-workspace.yaml"), "utf8"))).toEqual({
    packages: ["packages/ui", "apps/web"],
    allowBuilds: { esbuild: false },
  });
});
