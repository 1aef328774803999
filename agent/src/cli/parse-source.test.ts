import { tempDir } from "@cloudsmith/testkit";
import { mkdir } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { coversFolder, parseSource } from "./parse-source.ts";

describe("parseSource", () => {
  it.each(["", " ", "#main"])("refuses %j, which an unset variable leaves", (text) => {
    expect(() => parseSource(text)).toThrow("No source was given");
  });

  it.each([
    ["https://example.org/a/b.git", "https://example.org/a/b.git", null],
    ["https://example.org/a/b#v1.2", "https://example.org/a/b", "v1.2"],
    ["git@example.org:a/b.git#main", "git@example.org:a/b.git", "main"],
    ["ssh://git@example.org/a/b", "ssh://git@example.org/a/b", null],
    ["file:///srv/repo#0123abc", "file:///srv/repo", "0123abc"],
    ["someone/something", "https://github.com/someone/something.git", null],
    ["someone/something#feature/x", "https://github.com/someone/something.git", "feature/x"],
  ])("reads %s as a Git source", (text, url, ref) => {
    expect(parseSource(text, { from: "/" })).toEqual({ type: "git", url, ref, dir: "" });
  });

  it("takes an existing folder before owner/repo, and a folder with a ref as its Git repository", async () => {
    await using folder = await tempDir();
    await mkdir(folder.file("a", "b"), { recursive: true });
    expect(parseSource("a/b", { from: folder.path })).toEqual({ type: "folder", path: folder.file("a", "b"), dir: "" });
    expect(parseSource("a/b#main", { from: folder.path })).toEqual({
      type: "git",
      url: pathToFileURL(folder.file("a", "b")).href,
      ref: "main",
      dir: "",
    });
  });

  it("writes a sub-folder the way the API knows it", () => {
    expect(parseSource("o/r", { dir: "./apps\\web/", from: "/" })).toMatchObject({ dir: "apps/web" });
    expect(parseSource("o/r", { dir: ".", from: "/" })).toMatchObject({ dir: "" });
  });

  it("says what it looked for when there is nothing", () => {
    expect(() => parseSource("./nothing-here", { from: "/" })).toThrow("There is no folder /nothing-here");
  });
});

it("a project covers the folders below its own, and not those that only begin with its name", () => {
  const source = { type: "folder" as const, path: "/home/me/shop", dir: "web" };
  expect(
    ["/home/me/shop/web", "/home/me/shop/web/src", "/home/me/shop/webs", "/home/me/shop"].map((each) =>
      coversFolder(source, each),
    ),
  ).toEqual([true, true, false, false]);
});
