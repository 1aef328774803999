import { CloudSmithError, type Deployment } from "@cloudsmith/contracts";
import type { LogPart } from "@cloudsmith/contracts/api";
import type { LogId, LogStore } from "@cloudsmith/logs";
import { os } from "./base.ts";
import { findBoth, findDeployment } from "./find.ts";

/** Where a part of a deployment's log is; undefined where that part has not begun. */
export function logOf(deployment: Deployment, part: LogPart): LogId | undefined {
  const { teamId, id, buildId } = deployment;
  if (part === "prepare") return { teamId, id: `prepare/${id}` };
  if (part === "release") return { teamId, id: `release-step/${id}` };
  return buildId === null ? undefined : { teamId, id: `build/${buildId}` };
}

export const logs = {
  build: os.logs.build.handler(async ({ input, context: { services, caller } }) => {
    const id = logOf(await findDeployment(services.store, caller.teamId, input.deployment), input.part);
    return id === undefined
      ? { lines: [], next: null, ended: false, first: 0, total: 0 }
      : read(services.logs, id, input);
  }),

  run: os.logs.run.handler(async ({ input, context: { services, caller } }) => {
    const { environment } = await findBoth(services.store, caller.teamId, input);
    const release = input.release ?? environment.live?.releaseId;
    if (release === undefined) return { lines: [], next: null, ended: false, first: 0, total: 0, release: null };
    const found = await services.store.get("release", { teamId: caller.teamId, id: release });
    if (found?.value.environmentId !== environment.id)
      throw new CloudSmithError("not-found", `There is no release ${release} here`);
    return { ...(await read(services.logs, { teamId: caller.teamId, id: `release/${release}` }, input)), release };
  }),
};

interface Window {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly last?: number | undefined;
  readonly limit: number;
  readonly since?: string | undefined;
  readonly grep?: string | undefined;
}

async function read(store: LogStore, id: LogId, { after, before, last, limit, since, grep }: Window) {
  const page = await store.read(id, {
    limit,
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
    ...(last !== undefined && { last }),
    ...(since !== undefined && { since }),
    ...(grep !== undefined && { grep }),
  });
  return { ...page, lines: [...page.lines], next: page.next ?? null };
}
