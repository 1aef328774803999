import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { linkPersistentFolder } from "./persistent-folder.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "persist-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function releaseWith(name: string, content: string | null): { link: string; dir: string } {
  const link = join(root, name, "data");
  if (content !== null) {
    mkdirSync(link, { recursive: true });
    writeFileSync(join(link, "seed"), content);
  }
  return { link, dir: join(root, "kept") };
}

test("the first release's content moves in, a later one's gives way", async () => {
  const first = releaseWith("one", "first");
  await linkPersistentFolder(first);
  expect(readFileSync(join(first.link, "seed"), "utf8")).toBe("first");
  expect(readlinkSync(first.link)).toBe(first.dir);
  const second = releaseWith("two", "second");
  await linkPersistentFolder(second);
  expect(readFileSync(join(second.link, "seed"), "utf8")).toBe("first");
});

test("an app without the folder gets it empty, and linking again changes nothing", async () => {
  const app = releaseWith("one", null);
  await linkPersistentFolder(app);
  writeFileSync(join(app.link, "note"), "kept");
  await linkPersistentFolder(app);
  expect(readFileSync(join(app.dir, "note"), "utf8")).toBe("kept");
});

test("a half-copied start is begun again, a link elsewhere is replaced, a file is refused", async () => {
  const app = releaseWith("one", "first");
  mkdirSync(`${app.dir}.new`);
  await linkPersistentFolder(app);
  expect(readFileSync(join(app.dir, "seed"), "utf8")).toBe("first");
  await linkPersistentFolder({ link: app.link, dir: join(root, "other") });
  expect(readlinkSync(app.link)).toBe(join(root, "other"));
  writeFileSync(join(root, "file"), "");
  await expect(linkPersistentFolder({ link: join(root, "file"), dir: app.dir })).rejects.toThrow("is a file");
  await expect(linkPersistentFolder({ link: "data", dir: app.dir })).rejects.toThrow("absolute");
});
