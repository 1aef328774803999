import type { SourceRef } from "@cloudsmith/contracts";
import { expect, test } from "vitest";
import { searchOf, sourceOf, sourceSearch } from "./source-search.ts";
import { looksLikeSource, sourceDetail, sourceName } from "./source-text.ts";

const git = (url: string, ref: string | null = null, dir = ""): SourceRef => ({ type: "git", url, ref, dir });

test.each([
  [{ type: "folder", path: "/home/ann/shop/", dir: "" } as const, "shop"],
  [git("https://github.com/vercel/next.js.git"), "vercel/next.js"],
  [git("git@github.com:ann/shop.git"), "ann/shop"],
  [git("https://git.example.org/team/shop"), "git.example.org/team/shop"],
  [
    { type: "github", server: "https://github.com", repository: 7, name: "ann/shop", ref: null, dir: "" } as const,
    "ann/shop",
  ],
])("%j is called %s", (source, name) => {
  expect(sourceName(source)).toBe(name);
});

test("branch and folder are told where they are said", () => {
  expect(sourceDetail(git("https://x/y", "main", "apps/web"))).toBe("main · apps/web");
  expect(sourceDetail(git("https://x/y"))).toBe("");
});

test.each<SourceRef>([
  { type: "folder", path: "/home/ann/my shop", dir: "apps/web" },
  git("https://github.com/ann/shop.git", "feature/1", "web"),
  git("https://github.com/ann/shop.git"),
  { type: "github", server: "https://github.com", repository: 7, name: "ann/shop", ref: "main", dir: "" },
  { type: "github", server: "https://github.example.org", repository: 7, name: "ann/shop", ref: null, dir: "web" },
])("%j comes back from the address of a page", (source) => {
  expect(sourceOf(sourceSearch({ ...searchOf(source) }))).toEqual(source);
});

test("a branch that looks like a number is still a name; an address without a source is none", () => {
  expect(sourceOf(sourceSearch({ git: "https://x/y", ref: 2 }))).toMatchObject({ ref: "2" });
  expect(sourceOf(sourceSearch({}))).toBeUndefined();
  expect(sourceOf(sourceSearch({ github: "seven" }))).toBeUndefined();
  expect(sourceOf(sourceSearch({ github: true, folder: {} }))).toBeUndefined();
});

test.each([
  ["https://github.com/a/b", true],
  ["git@github.com:a/b.git", true],
  ["~/code/shop", true],
  ["/srv/app", true],
  ["./app", true],
  ["vercel/next.js", true],
  ["vercel/next.js#canary", true],
  ["next", false],
  ["my shop", false],
  ["", false],
])("%j names a source: %s", (text, expected) => {
  expect(looksLikeSource(text)).toBe(expected);
});
