import { expect, test } from "vitest";
import type { ProcessRow } from "./process-table.ts";
import { treeOf } from "./process-tree.ts";

const row = (pid: number, parent: number, group: number, startedAt = `${pid}`): ProcessRow => ({
  pid,
  parent,
  group,
  startedAt,
  cpuMs: 0,
  memoryBytes: 0,
  isZombie: false,
});
const pids = (rows: ProcessRow[]) => rows.map((each) => each.pid).toSorted((a, b) => a - b);
const root = { pid: 10, startedAt: "10" };

test("a tree is the root, its group and all descendants", () => {
  const rows = [
    row(1, 0, 1),
    row(10, 1, 10),
    row(11, 10, 10),
    row(12, 11, 12),
    row(13, 12, 13),
    row(14, 1, 10),
    row(20, 1, 20),
  ];
  expect(pids(treeOf(rows, root))).toEqual([10, 11, 12, 13, 14]);
});

test("what was seen in it stays in it after its parent has gone, with its own children", () => {
  const rows = [row(1, 0, 1), row(12, 1, 12), row(13, 12, 13), row(20, 1, 20)];
  expect(pids(treeOf(rows, root, new Map([[12, "12"]])))).toEqual([12, 13]);
});

test("a pid that was given to another process is nobody's", () => {
  const rows = [row(10, 1, 10, "later"), row(11, 10, 10), row(12, 1, 12, "later")];
  expect(treeOf(rows, root, new Map([[12, "12"]]))).toEqual([]);
});

test("zombies are not members", () => {
  expect(treeOf([{ ...row(10, 1, 10), isZombie: true }], root)).toEqual([]);
});
