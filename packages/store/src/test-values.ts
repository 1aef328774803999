import { newId, type AnyEvent } from "@cloudsmith/contracts";
import { randomBytes } from "node:crypto";
import type { EntityOf } from "./entities.ts";

/** Values of the store's entities for tests: valid, small, different where they must be. */
const at = "2026-01-02T03:04:05.678Z";
const traceparent = `00-${"1".repeat(32)}-${"2".repeat(16)}-01`;

export const newTeam = (): string => newId("team");

export function claim(teamId: string, name: string, owner = "nobody", scope = "names"): EntityOf<"claim"> {
  return { teamId, scope, name, owner };
}

export function timelineEntry(teamId: string, deploymentId: string, number: number): EntityOf<"timelineEntry"> {
  return { teamId, deploymentId, number, at, type: "note", state: "queued", message: `entry ${number}` };
}

export function source(teamId: string, projectId: string, notes: string[]): EntityOf<"source"> {
  const digest = `sha256:${randomBytes(32).toString("hex")}`;
  return {
    id: newId("source"),
    teamId,
    projectId,
    digest,
    size: 1,
    files: 1,
    commit: null,
    dir: "",
    notes,
    createdAt: at,
  };
}

export function job(teamId: string, fields: Partial<EntityOf<"job">> & { readonly subject: string }): EntityOf<"job"> {
  return {
    id: newId("job"),
    teamId,
    queue: "build",
    projectId: newId("project"),
    state: "ready",
    attempt: 0,
    maxAttempts: 5,
    fence: 0,
    leaseOwner: null,
    leaseUntil: null,
    notBefore: at,
    cancelRequested: false,
    lastError: null,
    createdAt: at,
    ...fields,
  };
}

export function deployment(teamId: string, environmentId: string, sequence: number): EntityOf<"deployment"> {
  return {
    id: newId("deployment"),
    teamId,
    projectId: newId("project"),
    environmentId,
    sequence,
    state: "queued",
    trigger: "manual",
    requestedBy: { type: "system", id: "test", name: "Test" },
    source: { type: "folder", path: "/app", dir: "" },
    flags: {},
    snapshotId: newId("snapshot"),
    sourceId: null,
    commit: null,
    plan: null,
    buildId: null,
    buildReused: false,
    artifact: null,
    releaseId: null,
    reuses: null,
    stageTimes: [],
    failure: null,
    warnings: [],
    cancelRequested: false,
    supersededBy: null,
    timeline: 0,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    requestKey: null,
    createdAt: at,
    settledAt: null,
  };
}

/** An event that says which one it is by its source. */
export function event(partitionkey: string, from: string): AnyEvent {
  return {
    specversion: "1.0",
    id: newId("event"),
    source: from,
    type: "activity.recorded",
    time: at,
    datacontenttype: "application/json",
    partitionkey,
    traceparent,
    data: { teamId: newId("team"), projectId: null, activityId: "act_1" },
  };
}
