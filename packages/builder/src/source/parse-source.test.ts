import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudSmithError } from "@cloudsmith/contracts";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseSource } from "./parse-source.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "parse-source-"));
  mkdirSync(join(cwd, "acme", "shop"), { recursive: true });
  mkdirSync(join(cwd, "with#hash"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test.each([
  [".", { type: "folder", path: "", dir: "" }],
  ["acme/shop", { type: "folder", path: "/acme/shop", dir: "" }],
  ["with#hash", { type: "folder", path: "/with#hash", dir: "" }],
])("%s is a folder", async (text, ref) => {
  expect(await parseSource(text, { cwd })).toEqual({ ...ref, path: cwd + ref.path });
});

test.each([
  ["acme/other", "https://github.com/acme/other.git", null],
  ["acme/other#v1.2", "https://github.com/acme/other.git", "v1.2"],
  ["https://example.org/a/b.git#feature/x", "https://example.org/a/b.git", "feature/x"],
  ["ssh://git@example.org:22/a/b", "ssh://git@example.org:22/a/b", null],
  ["git@example.org:a/b.git#main", "git@example.org:a/b.git", "main"],
  ["file:///srv/a.git#0123abc", "file:///srv/a.git", "0123abc"],
])("%s is a repository", async (text, url, ref) => {
  expect(await parseSource(text, { cwd, dir: "./apps/web/" })).toEqual({ type: "git", url, ref, dir: "apps/web" });
});

test("a folder with a ref is its repository at that commit", async () => {
  expect(await parseSource("acme/shop#main", { cwd })).toEqual({
    type: "git",
    url: `file://${cwd}/acme/shop`,
    ref: "main",
    dir: "",
  });
});

test.each([
  "ext::sh -c id",
  "javascript://x",
  "https://user:secret@example.org/a",
  "https://-oProxyCommand=x/a",
  "-x",
  "",
  "nowhere",
  "a b",
  "acme/other#--upload-pack=x",
  "acme/other#a..b",
  "file://other-host/x",
])("%j is refused with a fix", async (text) => {
  const error: unknown = await parseSource(text, { cwd }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CloudSmithError);
  expect(error).toMatchObject({ fix: expect.any(String) });
});

test.each(["../x", "/etc", "a/../../b", "a\0b"])("the sub-directory %j is refused", async (dir) => {
  await expect(parseSource(".", { cwd, dir })).rejects.toBeInstanceOf(CloudSmithError);
});

test("any text gives a reference that Git cannot read as an option, or a CloudSmithError", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `https://${text}`),
        fc.string().map((text) => `git@host:${text}`),
        fc.string().map((text) => `a/b#${text}`),
      ),
      async (text) => {
        const parsed = await parseSource(text, { cwd }).catch((thrown: unknown) => thrown);
        if (parsed instanceof CloudSmithError) return;
        const ref = parsed as Awaited<ReturnType<typeof parseSource>>;
        if (ref.type === "folder") return;
        expect(ref.url).not.toMatch(/^-|^[a-z]+::/);
        expect(ref.ref ?? "").not.toMatch(/^-/);
      },
    ),
    { numRuns: 500 },
  );
});
