import { expect, test } from "vitest";
import { everything, RepositoryList, type ListedRepository } from "./repository-list.ts";

const repository = (over: Partial<ListedRepository>): ListedRepository => ({
  owner: "ann",
  name: "shop",
  private: false,
  archived: false,
  language: "TypeScript",
  description: null,
  pushedAt: "2026-01-01T00:00:00Z",
  ...over,
});

function listOf(...repositories: Partial<ListedRepository>[]): RepositoryList<ListedRepository> {
  const list = new RepositoryList<ListedRepository>();
  list.add(repositories.map(repository));
  return list;
}

const names = (found: readonly ListedRepository[]): string[] => found.map(({ owner, name }) => `${owner}/${name}`);

test("the last pushed come first, those never pushed last", () => {
  const list = listOf(
    { name: "old", pushedAt: "2020-01-01T00:00:00Z" },
    { name: "empty", pushedAt: null },
    { name: "new", pushedAt: "2026-11-01T00:00:00Z" },
  );
  expect(names(list.find(everything))).toEqual(["ann/new", "ann/old", "ann/empty"]);
  expect(names(list.find({ ...everything, order: "name" }))).toEqual(["ann/empty", "ann/new", "ann/old"]);
});

test("every word must be somewhere; a name that begins with the first is the better hit", () => {
  const list = listOf(
    { name: "my-shop" },
    { owner: "shopify", name: "hydrogen" },
    { name: "Shop-Front" },
    { name: "blog", description: "A blog about shops" },
  );
  expect(names(list.find({ ...everything, text: "SHOP" }))).toEqual([
    "ann/Shop-Front",
    "ann/my-shop",
    "shopify/hydrogen",
    "ann/blog",
  ]);
  expect(names(list.find({ ...everything, text: "shop ann front" }))).toEqual(["ann/Shop-Front"]);
  expect(list.find({ ...everything, text: "ann/my" })).toHaveLength(1);
  expect(list.find({ ...everything, text: "nothing" })).toEqual([]);
});

test("filters by owner, language, visibility; archived ones only when asked for", () => {
  const list = listOf(
    { name: "a", private: true },
    { name: "b", language: "Go", owner: "team" },
    { name: "c", archived: true, language: null },
  );
  const find = (over: Partial<typeof everything>) => names(list.find({ ...everything, ...over, order: "name" }));
  expect(find({})).toEqual(["ann/a", "team/b"]);
  expect(find({ archived: true })).toEqual(["ann/a", "team/b", "ann/c"]);
  expect(find({ visibility: "private" })).toEqual(["ann/a"]);
  expect(find({ visibility: "public" })).toEqual(["team/b"]);
  expect(find({ language: "Go" })).toEqual(["team/b"]);
  expect(find({ owner: "team" })).toEqual(["team/b"]);
  expect(list.owners()).toEqual([
    { value: "ann", count: 2 },
    { value: "team", count: 1 },
  ]);
  expect(list.languages().map(({ value }) => value)).toEqual(["Go", "TypeScript"]);
});

test("what comes in later is found as well", () => {
  const list = listOf({ name: "one" });
  expect(list.find(everything)).toHaveLength(1);
  list.add([repository({ name: "two", pushedAt: "2026-12-01T00:00:00Z" })]);
  expect(names(list.find(everything))).toEqual(["ann/two", "ann/one"]);
});
