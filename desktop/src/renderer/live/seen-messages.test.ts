import { expect, test } from "vitest";
import type { Told } from "./live-connection.ts";
import { SeenMessages } from "./seen-messages.ts";

function log(positions: number[], source = "rel_1"): Told {
  const lines = positions.map((position) => ({ position, at: "", stream: "stdout" as const, text: String(position) }));
  return { type: "log", key: "1", part: "run", source, lines };
}

test("lines that were seen are cut off a message that brings them again", () => {
  const seen = new SeenMessages();
  expect(seen.fresh(log([0, 1]))).toEqual(log([0, 1]));
  expect(seen.fresh(log([0, 1]))).toBeUndefined();
  expect(seen.fresh(log([0, 1, 2]))).toEqual(log([2]));
});

test("each log has positions of its own", () => {
  const seen = new SeenMessages();
  seen.fresh(log([0, 1]));
  expect(seen.fresh(log([0, 1], "rel_2"))).toEqual(log([0, 1], "rel_2"));
});
