import type { DeploymentLog, LogLineView } from "@cloudsmith/contracts/api";
import { client } from "../api/client.ts";

export interface LogPage {
  readonly lines: readonly LogLineView[];
  readonly ended: boolean;
  readonly total: number;
}

export interface LogFinds {
  readonly positions: readonly number[];
  /** The last position that was looked at. */
  readonly scanned: number;
  readonly total: number;
}

/** Where the lines of one log come from. */
export interface LogSource {
  /** Lines at positions from `from` up to `to` (exclusive), at most 5000 of them. */
  readonly page: (range: { from: number; to: number }, signal: AbortSignal) => Promise<LogPage>;
  readonly last: (count: number) => Promise<LogPage>;
  readonly search: (grep: string, after: number, signal: AbortSignal) => Promise<LogFinds>;
}

/** One part of a deployment's log. */
export function partSource(deployment: string, part: DeploymentLog): LogSource {
  const log = { deployment, part };
  return {
    page: ({ from, to }, signal) =>
      client.logs.build({ ...log, after: from - 1, before: to, limit: to - from }, { signal }),
    last: (last) => client.logs.build({ ...log, last }),
    search: (grep, after, signal) => client.logs.searchBuild({ ...log, grep, after }, { signal }),
  };
}

/** What one release wrote. */
export function releaseSource(address: { project: string; environment: string; release: string }): LogSource {
  return {
    page: ({ from, to }, signal) =>
      client.logs.run({ ...address, after: from - 1, before: to, limit: to - from }, { signal }),
    last: (last) => client.logs.run({ ...address, last }),
    search: (grep, after, signal) => client.logs.searchRun({ ...address, grep, after }, { signal }),
  };
}
