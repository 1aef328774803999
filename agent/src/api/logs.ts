import { CloudSmithError, type Deployment } from "@cloudsmith/contracts";
import type { DeploymentLog } from "@cloudsmith/contracts/api";
import type { LogId, LogPage, LogStore } from "@cloudsmith/logs";
import type { AgentServices } from "../services.ts";
import { os } from "./base.ts";
import { findBoth, findDeployment } from "./find.ts";

/** Where a log of a deployment is; undefined where it has not begun. */
export function logOf(deployment: Deployment, part: DeploymentLog): LogId | undefined {
  const { teamId, id, buildId, releaseId } = deployment;
  if (part === "prepare") return { teamId, id: `prepare/${id}` };
  if (part === "release") return { teamId, id: `release-step/${id}` };
  const named = part === "build" ? ["build", buildId] : ["release", releaseId];
  return named[1] == null ? undefined : { teamId, id: named.join("/") };
}

const nothing = { lines: [], next: null, ended: false, first: 0, total: 0 };

export const logs = {
  build: os.logs.build.handler(async ({ input, context: { services, caller } }) => {
    const found = await findPart(services, caller.teamId, input);
    return found === undefined ? nothing : read(services.logs, found, input);
  }),

  run: os.logs.run.handler(async ({ input, context: { services, caller } }) => {
    const id = await findRun(services, caller.teamId, input);
    if (id === undefined) return { ...nothing, release: null };
    return { ...(await read(services.logs, { id }, input)), release: id.id.slice("release/".length) };
  }),

  searchBuild: os.logs.searchBuild.handler(async ({ input, context: { services, caller } }) => {
    const found = await findPart(services, caller.teamId, input);
    return found === undefined ? { positions: [], scanned: -1, total: 0 } : search(services.logs, found, input);
  }),

  searchRun: os.logs.searchRun.handler(async ({ input, context: { services, caller } }) => {
    const id = await findRun(services, caller.teamId, input);
    return id === undefined ? { positions: [], scanned: -1, total: 0 } : search(services.logs, { id }, input);
  }),
};

/** A log, or the lines of it ahead of a position where what follows belongs to something else. */
export interface PartOfLog {
  readonly id: LogId;
  readonly end?: number | undefined;
}

async function findPart(
  { store, logs: all }: AgentServices,
  teamId: string,
  { deployment: name, part }: { deployment: string; part: DeploymentLog },
): Promise<PartOfLog | undefined> {
  const deployment = await findDeployment(store, teamId, name);
  const id = logOf(deployment, part);
  return id === undefined ? undefined : { id, end: await endOf(all, deployment, part, id) };
}

/** Where a part of a deployment's log ends within its log: an app that went live writes on, and that is no part of its start. */
export async function endOf(
  all: LogStore,
  { state, settledAt }: Deployment,
  part: DeploymentLog,
  id: LogId,
): Promise<number | undefined> {
  if (part !== "start" || state !== "live" || settledAt === null) return undefined;
  const { lines, total } = await all.read(id, { since: settledAt, limit: 1 });
  return lines[0]?.position ?? total;
}

/** The log of the live or a named release; undefined where none is live. Throws `not-found`. */
export async function findRun(
  { store }: AgentServices,
  teamId: string,
  input: { project: string; environment: string; release?: string | undefined },
): Promise<LogId | undefined> {
  const { environment } = await findBoth(store, teamId, input);
  const release = input.release ?? environment.live?.releaseId;
  if (release === undefined) return undefined;
  const found = await store.get("release", { teamId, id: release });
  if (found?.value.environmentId !== environment.id)
    throw new CloudSmithError("not-found", `There is no release ${release} here`);
  return { teamId, id: `release/${release}` };
}

interface Window {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly last?: number | undefined;
  readonly limit: number;
  readonly since?: string | undefined;
  readonly grep?: string | undefined;
}

async function read(store: LogStore, { id, end }: PartOfLog, window: Window) {
  const { after, last, limit, since, grep } = window;
  const before = end === undefined ? window.before : Math.min(window.before ?? end, end);
  const page = await store.read(id, {
    limit,
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
    ...(last !== undefined && { last }),
    ...(since !== undefined && { since }),
    ...(grep !== undefined && { grep }),
    // Without it the nearest lines ahead of `before` would be given, which nobody asked for.
    ...(window.before === undefined && last === undefined && { after: after ?? -1 }),
  });
  return { ...page, ...bounded(page, end), lines: [...page.lines] };
}

function bounded({ next, total, ended }: LogPage, end: number | undefined) {
  if (end === undefined) return { next: next ?? null, total, ended };
  return { next: next === undefined || next >= end - 1 ? null : next, total: Math.min(total, end), ended: true };
}

/** Positions that one search looks at; the caller asks on, so that no request holds the agent for long. */
const positionsASearch = 100_000;
const hitsASearch = 10_000;

async function search(store: LogStore, { id, end }: PartOfLog, { grep, after }: { grep: string; after: number }) {
  const wanted = Math.min(after + 1 + positionsASearch, end ?? Number.MAX_SAFE_INTEGER);
  const page = await store.read(id, { after, before: wanted, grep, limit: hitsASearch });
  const { total } = bounded(page, end);
  const positions = page.lines.map((line) => line.position);
  const scanned = positions.length === hitsASearch ? (positions.at(-1) ?? after) : Math.min(wanted, total) - 1;
  return { positions, scanned: Math.max(scanned, after), total };
}
