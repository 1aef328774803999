import { expect, test } from "vitest";
import { changesOf } from "./rollback-changes.ts";

test("changes are told by kind in one order; files are not told beside a commit", () => {
  const groups = changesOf({
    differences: [
      { part: "variable", name: "COLOR", before: "blue", after: "red" },
      { part: "commit", name: "commit", before: "abc1234 Two", after: "def5678 One" },
      { part: "source", name: "files", before: "sha256:1", after: "sha256:2" },
    ],
    secrets: [{ name: "TOKEN", before: "2026-02-01T00:00:00.000Z", after: null, revoked: "removed" }],
  });
  expect(groups.map(({ group, changes }) => [group, changes.map(({ name }) => name)])).toEqual([
    ["commit", ["commit"]],
    ["variable", ["COLOR"]],
    ["secret", ["TOKEN"]],
  ]);
});

test("of a plan's field only what differs inside of it is told", () => {
  const [plan] = changesOf({
    differences: [
      {
        part: "plan",
        name: "serve",
        before: '{"type":"process","start":{"argv":["node","b.js"]}}',
        after: '{"type":"process","start":{"argv":["node","a.js"]}}',
      },
      { part: "plan", name: "port", before: "null", after: "4000" },
    ],
    secrets: [],
  });
  expect(plan?.changes).toEqual([
    { name: "serve.start.argv", before: "node b.js", after: "node a.js", revoked: null },
    { name: "port", before: null, after: "4000", revoked: null },
  ]);
});

test("nothing that differs is nothing to tell", () => {
  expect(changesOf({ differences: [], secrets: [] })).toEqual([]);
});
