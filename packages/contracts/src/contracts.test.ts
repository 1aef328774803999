import * as fc from "fast-check";
import { expect, test } from "vitest";
import { causeCodes } from "./causes.ts";
import { roles } from "./entities.ts";
import {
  CloudSmithError,
  ErrorBody,
  errorCodes,
  errorFacts,
  errorTable,
  toCloudSmithError,
  toErrorBody,
} from "./errors.ts";
import { eventTable, parseEvent, topics } from "./events.ts";
import { idPrefixes, idSchema, newId, type IdKind } from "./ids.ts";
import { permissions, roleAllows, type Permission } from "./permissions.ts";

// The table's own keys.
const kinds = Object.keys(idPrefixes) as IdKind[];
const permissionNames = Object.keys(permissions) as Permission[];

test("an id is taken as its own kind and as no other", () => {
  for (const kind of kinds)
    for (const other of kinds) expect(idSchema(other).safeParse(newId(kind)).success).toBe(kind === other);
  expect(new Set(Object.values(idPrefixes)).size).toBe(kinds.length);
});

test("ids of one process are all different and in the order in which they were made", () => {
  const ids = Array.from({ length: 2000 }, () => newId("event"));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test("every code stands once and has a status and an exit code", () => {
  expect(new Set(errorCodes).size).toBe(errorCodes.length);
  expect(errorCodes).toHaveLength(causeCodes.length + Object.keys(errorTable).length);
  for (const code of errorCodes) {
    const { status, exit } = errorFacts(code);
    expect(status, code).toBeGreaterThanOrEqual(400);
    expect(status, code).toBeLessThan(600);
    expect(exit, code).toBeGreaterThan(0);
    expect(exit, code).toBeLessThan(256);
    expect(ErrorBody.safeParse(toErrorBody(new CloudSmithError(code, "it happened"))).success, code).toBe(true);
  }
  for (const code of causeCodes) expect(errorFacts(code)).toEqual({ status: 422, exit: 1 });
});

test("anything thrown becomes an error with a code, and keeps what was underneath", () => {
  fc.assert(
    fc.property(fc.anything(), (thrown) => {
      const error = toCloudSmithError(thrown);
      expect(errorCodes).toContain(error.code);
      expect(error.cause).toBe(thrown);
    }),
  );
  expect(toCloudSmithError(Object.create(null)).why).toBe("[object Object]");
  const own = new CloudSmithError("locked", "no");
  expect(toCloudSmithError(own)).toBe(own);
  const full = Object.assign(new Error("write failed"), { code: "ENOSPC" });
  expect(toCloudSmithError(full).code).toBe("disk-full");
  expect(toCloudSmithError(new Error("database or disk is full")).code).toBe("disk-full");
  expect(toCloudSmithError(AbortSignal.abort().reason).code).toBe("aborted");
});

const data: Record<keyof typeof eventTable, object> = (() => {
  const scope = { teamId: newId("team"), projectId: newId("project") };
  const environmentId = newId("environment");
  const ofDeployment = { ...scope, environmentId, deploymentId: newId("deployment"), state: "queued", version: 3 };
  return {
    "deployment.queued": ofDeployment,
    "deployment.built": ofDeployment,
    "deployment.changed": { ...ofDeployment, state: "live" },
    "deployment.cancel-requested": ofDeployment,
    "build.queued": { ...scope, buildId: newId("build") },
    "build.finished": { ...scope, buildId: newId("build"), state: "succeeded" },
    "environment.changed": { ...scope, environmentId, version: 1 },
    "release.changed": { ...scope, environmentId, releaseId: newId("release") },
    "project.changed": scope,
    "activity.recorded": { teamId: scope.teamId, projectId: null, activityId: newId("activity") },
  };
})();

function envelope(type: string, content: unknown) {
  return {
    specversion: "1.0",
    id: newId("event"),
    source: "cloudsmith",
    type,
    time: new Date(0).toISOString(),
    datacontenttype: "application/json",
    partitionkey: "env_0001",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    data: content,
  };
}

test("every event comes back from a wire as it went, on a topic that there is", () => {
  for (const [type, content] of Object.entries(data)) {
    const event = envelope(type, content);
    expect(parseEvent(JSON.parse(JSON.stringify(event)))).toEqual(event);
  }
  for (const { topic } of Object.values(eventTable)) expect(topics).toContain(topic);
});

test("what is not one of our events is refused", () => {
  expect(() => parseEvent(envelope("deployment.exploded", {}))).toThrow();
  expect(() => parseEvent(envelope("toString", {}))).toThrow();
  expect(() =>
    parseEvent(envelope("project.changed", { ...data["project.changed"], teamId: newId("user") })),
  ).toThrow();
  expect(() => parseEvent({ ...envelope("project.changed", data["project.changed"]), partitionkey: "" })).toThrow();
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(() => parseEvent(value)).toThrow();
    }),
  );
});

test("a higher role may do all that a lower one may", () => {
  const ascending = [...roles].reverse();
  expect(ascending).toEqual(["viewer", "developer", "admin", "owner"]);
  for (const permission of permissionNames) {
    const allowed = ascending.map((role) => roleAllows(role, permission));
    // Once allowed, allowed for all that follow; the last is the owner.
    expect(allowed.slice(allowed.indexOf(true)).every(Boolean), permission).toBe(true);
    expect(allowed.at(-1), permission).toBe(true);
  }
});

test("a viewer changes nothing but their own sessions; values of variables begin with the developer", () => {
  const ofViewer = permissionNames.filter((permission) => roleAllows("viewer", permission));
  expect(ofViewer.filter((permission) => permission.endsWith(".write"))).toEqual(["sessions.write"]);
  expect(roleAllows("viewer", "variables.read")).toBe(false);
  expect(roleAllows("developer", "projects.destroy")).toBe(false);
});
