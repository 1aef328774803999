import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openFileBlobs, type BlobStore } from "@cloudsmith/blobs";
import { CloudSmithError, newId } from "@cloudsmith/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takeSource, unpackSource, type FetchableSource, type TakenSource, type TakeOptions } from "./take-source.ts";

const teamId = newId("team");
const signal = AbortSignal.timeout(120_000);
let home: string;
let blobs: BlobStore;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "take-source-"));
  blobs = openFileBlobs({ dir: join(home, "blobs") });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function write(root: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function newFolder(files: Record<string, string>): string {
  const root = mkdtempSync(join(home, "folder-"));
  write(root, files);
  return root;
}

function git(cwd: string, ...args: string[]): string {
  const identity = [
    "-c",
    "user.name=Ann",
    "-c",
    "user.email=ann@example.org",
    "-c",
    "commit.gpgsign=false",
    "-c",
    "protocol.file.allow=always",
  ];
  return execFileSync("git", [...identity, ...args], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

function newRepository(files: Record<string, string>): string {
  const root = newFolder(files);
  git(root, "init", "-q", "-b", "main");
  git(root, "add", "-A", "-f");
  git(root, "commit", "-qm", "First");
  return root;
}

function take(ref: FetchableSource, options: Partial<TakeOptions> = {}): Promise<TakenSource> {
  return takeSource(ref, { teamId, blobs, workDir: join(home, "work"), signal, log: () => undefined, ...options });
}

async function unpacked(taken: TakenSource): Promise<string> {
  const to = join(mkdtempSync(join(home, "out-")), "source");
  await unpackSource(taken.digest, { teamId, blobs, to, signal });
  return to;
}

async function paths(taken: TakenSource): Promise<string[]> {
  const root = await unpacked(taken);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((item) => !item.isDirectory())
    .map((item) => join(item.parentPath, item.name).slice(root.length + 1))
    .toSorted();
}

const folderRef = (path: string): FetchableSource => ({ type: "folder", path, dir: "" });
const gitRef = (path: string, ref: string | null = null): FetchableSource => ({
  type: "git",
  url: `file://${path}`,
  ref,
  dir: "",
});

async function failureCode(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no failure",
    (error: unknown) => (error instanceof CloudSmithError ? error.code : String(error)),
  );
}

const tree = {
  "index.js": "1",
  ".gitignore": "*.log\n/dist\n!keep.log\n",
  "a.log": "x",
  "keep.log": "x",
  "dist/out.js": "x",
  "sub/.gitignore": "*.tmp\n!special.tmp\n",
  "sub/a.tmp": "x",
  "sub/special.tmp": "x",
  "sub/dist/kept.js": "x",
  "node_modules/x/index.js": "x",
  ".env": "SECRET=1",
  ".env.local": "SECRET=2",
  ".env.example": "SECRET=",
};
const expected = [
  ".env.example",
  ".gitignore",
  "index.js",
  "keep.log",
  "sub/.gitignore",
  "sub/dist/kept.js",
  "sub/special.tmp",
];

test("a folder without Git is read by its .gitignore files, nested and negated ones too", async () => {
  const taken = await take(folderRef(newFolder(tree)));
  expect(await paths(taken)).toEqual(expected);
  expect(taken.notes.join()).toMatch(/\.env, \.env\.local was left out/);
});

test("a folder that is a work tree gives what Git would take, new files too", async () => {
  const root = newFolder(tree);
  git(root, "init", "-q");
  git(root, "add", "index.js");
  expect(await paths(await take(folderRef(root)))).toEqual(expected);
});

test("environment files come along only when they are asked for", async () => {
  const taken = await take({ type: "folder", path: newFolder(tree), dir: "", includeEnvFiles: true });
  expect(await paths(taken)).toContain(".env");
});

test("equal trees give equal digests, whatever their times and places", async () => {
  const [one, two] = [await take(folderRef(newFolder(tree))), await take(folderRef(newFolder(tree)))];
  expect(two.digest).toBe(one.digest);
});

test("an unchanged folder is not stored again, a changed one is", async () => {
  const root = newFolder({ "a.txt": "one" });
  const first = await take(folderRef(root));
  expect((await take(folderRef(root))).digest).toBe(first.digest);
  writeFileSync(join(root, "a.txt"), "two");
  const second = await take(folderRef(root));
  expect(second.digest).not.toBe(first.digest);
  expect(readFileSync(join(await unpacked(second), "a.txt"), "utf8")).toBe("two");
});

test("links inside the tree are kept, links out of it and sockets are left out with a note", async () => {
  const root = newFolder({ "real/a.txt": "a" });
  symlinkSync("real/a.txt", join(root, "inner"));
  symlinkSync("/etc/passwd", join(root, "absolute"));
  symlinkSync("../../secret", join(root, "outer"));
  const server = createServer();
  await new Promise<void>((done) => server.listen(join(root, "socket"), done));
  const taken = await take(folderRef(root));
  server.close();
  const out = await unpacked(taken);
  expect(readdirSync(out).toSorted()).toEqual(["inner", "real"]);
  expect(readlinkSync(join(out, "inner"))).toBe("real/a.txt");
  expect(taken.notes).toHaveLength(3);
});

test("a data folder of CloudSmith inside a source is left out with a note, and none is a source itself", async () => {
  const dataFolder = { "agent.lock": "", "cloudsmith.db": "", token: "canary", "secrets/key-id": "canary" };
  const inside = Object.fromEntries(
    Object.entries(dataFolder).map(([name, text]) => [`share/cloudsmith/${name}`, text]),
  );
  const root = newFolder({ "index.html": "page", "share/agent.lock": "of something else", ...inside });
  const taken = await take(folderRef(root));
  expect(await paths(taken)).toEqual(["index.html", "share/agent.lock"]);
  expect(taken.notes.join()).toContain("share/cloudsmith is the data folder of CloudSmith");
  git(root, "init", "-q");
  git(root, "add", "-f", ".");
  expect(await paths(await take(folderRef(root)))).toEqual(["index.html", "share/agent.lock"]);
  await expect(take(folderRef(newFolder(dataFolder)))).rejects.toMatchObject({ code: "source-not-found" });
  await expect(take(folderRef(join(root, "share/cloudsmith")))).rejects.toMatchObject({ code: "source-not-found" });
});

test("folders that are missing, empty or too large are refused with a cause", async () => {
  expect(await failureCode(take(folderRef(join(home, "nowhere"))))).toBe("source-not-found");
  expect(await failureCode(take(folderRef(newFolder({ "node_modules/a.js": "" }))))).toBe("source-empty");
  expect(
    await failureCode(
      take(folderRef(newFolder({ a: "1", b: "2" })), { limits: { maxFiles: 1, maxBytes: 1e6, seconds: 10 } }),
    ),
  ).toBe("source-too-large");
  expect(await failureCode(take({ type: "folder", path: newFolder({ a: "1" }), dir: "apps/web" }))).toBe(
    "source-folder-missing",
  );
});

test("a repository gives its default branch, a branch, a tag, a commit and the beginning of one", async () => {
  const root = newRepository({ "v.txt": "one" });
  const first = git(root, "rev-parse", "HEAD");
  git(root, "tag", "-a", "v1", "-m", "v1");
  git(root, "checkout", "-qb", "feature/x");
  write(root, { "v.txt": "two" });
  git(root, "commit", "-qam", "Second");
  const second = git(root, "rev-parse", "HEAD");
  git(root, "checkout", "-q", "main");
  const content = async (ref: string | null): Promise<string> =>
    readFileSync(join(await unpacked(await take(gitRef(root, ref))), "v.txt"), "utf8");
  expect(await content(null)).toBe("one");
  expect(await content("feature/x")).toBe("two");
  expect(await content("v1")).toBe("one");
  expect(await content(second)).toBe("two");
  expect(await content(first.slice(0, 8))).toBe("one");
  git(root, "tag", "feature/x", first);
  expect(await content("feature/x")).toBe("two");
  const taken = await take(gitRef(root, "feature/x"));
  expect(taken.commit).toMatchObject({ sha: second, message: "Second", author: "Ann" });
  expect(await failureCode(take(gitRef(root, "nope")))).toBe("git-ref-not-found");
  expect(await failureCode(take(gitRef(join(home, "no-repository"))))).toBe("source-not-found");
});

test("a bare repository with a submodule is fetched with it; LFS pointers are noticed", async () => {
  const library = newRepository({ "lib.js": "lib" });
  const root = newRepository({
    "index.js": "x",
    ".gitattributes": "*.bin filter=lfs\n",
    "big.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
  });
  git(root, "submodule", "add", "-q", `file://${library}`, "vendor/lib");
  git(root, "commit", "-qm", "Submodule");
  const bare = join(home, "bare.git");
  git(home, "clone", "-q", "--bare", `file://${root}`, bare);
  const taken = await take(gitRef(bare));
  expect(await paths(taken)).toContain("vendor/lib/lib.js");
  expect(taken.notes.join()).toMatch(/1 file\(s\) are Git LFS pointers/);
});

test("hooks and monitors that a repository or its configuration names do not run", async () => {
  const root = newRepository({ "a.txt": "a" });
  const canary = join(home, "canary");
  write(root, { ".git/hooks/post-checkout": `#!/bin/sh\ntouch ${canary}\n` });
  execFileSync("chmod", ["+x", join(root, ".git/hooks/post-checkout")]);
  git(root, "config", "core.fsmonitor", `touch ${canary}; false`);
  await take(folderRef(root));
  await take(gitRef(root));
  expect(() => readFileSync(canary)).toThrow();
});

test("addresses that Git could read as commands or options are refused even when they come from a database", async () => {
  const refused = ["ext::sh -c touch% /tmp/x", "-uupload", "--upload-pack=x:y", "https://-x.example/a", "fd::17"];
  for (const url of refused)
    expect(["invalid-input", "git-protocol-refused"]).toContain(
      await failureCode(take({ type: "git", url, ref: null, dir: "" })),
    );
  expect(await failureCode(take({ type: "git", url: "https://example.org/a", ref: "--upload-pack=x", dir: "" }))).toBe(
    "invalid-input",
  );
});

test("a server that cannot be reached is named as such", async () => {
  expect(await failureCode(take({ type: "git", url: "http://127.0.0.1:1/a.git", ref: null, dir: "" }))).toBe(
    "git-host-unreachable",
  );
});

test("nothing is left beside the memory of snapshots", () => {
  expect(readdirSync(join(home, "work"))).toEqual(["snapshots"]);
});
