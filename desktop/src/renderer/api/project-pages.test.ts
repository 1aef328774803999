import type { ProjectView } from "@cloudsmith/contracts/api";
import { expect, test } from "vitest";
import { withProject } from "./project-pages.ts";

function view(id: string, name = id): ProjectView {
  return {
    project: {
      id,
      teamId: "team_local",
      name,
      source: { type: "folder", path: "/", dir: "" },
      settings: {},
      credential: null,
      state: "active",
      createdAt: "2026-01-01T00:00:00.000Z",
    },
    environments: [],
  };
}
const pages = [{ items: [view("a"), view("b")] }, { items: [view("c")] }];
const names = (list: { items: ProjectView[] }[]): string[][] =>
  list.map(({ items }) => items.map(({ project }) => project.name));

test("a project that changed stays in its place, one that is gone leaves it, a new one comes last", () => {
  expect(names(withProject(pages, "b", view("b", "renamed")))).toEqual([["a", "renamed"], ["c"]]);
  expect(names(withProject(pages, "a", undefined))).toEqual([["b"], ["c"]]);
  expect(names(withProject(pages, "d", view("d")))).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
  expect(names(withProject(pages, "e", undefined))).toEqual([["a", "b"], ["c"]]);
});
