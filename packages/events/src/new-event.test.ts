import { newId, parseEvent } from "@cloudsmith/contracts";
import { expect, test } from "vitest";
import { newEvent } from "./new-event.ts";

const data = { teamId: newId("team"), projectId: newId("project") };

test("a new event is a whole CloudEvents event that parses as itself", () => {
  const event = newEvent("project.changed", data, { partitionkey: "env_1" });
  expect(parseEvent(JSON.parse(JSON.stringify(event)))).toEqual(event);
  expect(event).toMatchObject({ specversion: "1.0", source: "cloudsmith", partitionkey: "env_1", data });
  expect(Date.parse(event.time)).not.toBeNaN();
});

test("it begins a trace of its own, or goes on with the one it is given", () => {
  const one = newEvent("project.changed", data, { partitionkey: "k" });
  const two = newEvent("project.changed", data, { partitionkey: "k", traceparent: one.traceparent });
  expect(one.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(two.traceparent).toBe(one.traceparent);
  expect(two.id).not.toBe(one.id);
});
