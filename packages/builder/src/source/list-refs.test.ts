import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listRefs, readRefs } from "./list-refs.ts";

const signal = AbortSignal.timeout(60_000);
let home: string;
let url: string;

function git(...args: string[]): void {
  execFileSync("git", ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", ...args], {
    cwd: home,
    stdio: "ignore",
  });
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "list-refs-"));
  url = pathToFileURL(home).href;
  git("init", "--quiet", "--initial-branch=trunk");
  git("commit", "--quiet", "--allow-empty", "--message=First");
  git("branch", "feature/one");
  for (const tag of ["v1.10.0", "v1.9.0"]) git("tag", "--annotate", "--message=x", tag);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test("branches, the default one, and tags by version", async () => {
  expect(await listRefs(url, { signal })).toEqual({
    defaultBranch: "trunk",
    branches: ["feature/one", "trunk"],
    tags: ["v1.9.0", "v1.10.0"],
    truncated: false,
  });
});

test.each([
  ["--upload-pack=/tmp/x", "invalid-input"],
  ["ext::sh -c id", "git-protocol-refused"],
  ["file:///nowhere/at/all", "source-not-found"],
])("%s is refused with its cause", async (address, code) => {
  await expect(listRefs(address, { signal })).rejects.toMatchObject({ code });
});

test("a repository without a commit has none, and a huge one is cut", () => {
  expect(readRefs("")).toEqual({ defaultBranch: null, branches: [], tags: [], truncated: false });
  const many = Array.from({ length: 6000 }, (_, number) => `${"a".repeat(40)}\trefs/tags/v${number}`).join("\n");
  const { tags, truncated } = readRefs(many);
  expect([tags.length, tags.at(-1), truncated]).toEqual([5000, "v5999", true]);
});
