import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CloudSmithError, TeamId } from "@cloudsmith/contracts";
import type { LogId } from "./log-store.ts";

const part = /^[a-z0-9][a-z0-9_-]{0,79}$/;
const segmentName = /^(\d{12})-(\d{13})\.log$/;
const cutName = /^cut-(\d{12})$/;

export const endedName = "ended";
export const lockName = "writer";

/** A file of lines. Its name holds the position and the time of its first line: the names are the log's sparse index. */
export interface Segment {
  readonly path: string;
  readonly first: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Listing {
  /** False when there is no such log. */
  readonly exists: boolean;
  readonly segments: readonly Segment[];
  /** Where the kept head ends and cutting begins; 0 when only the tail is kept. */
  readonly cutFrom: number | undefined;
  readonly ended: boolean;
}

/** The folder of a log. Errors: `invalid-input` for anything that could lead elsewhere. */
export function logFolder(dir: string, { teamId, id }: LogId): string {
  const parts = id.split("/");
  if (!TeamId.safeParse(teamId).success || parts.length > 3 || !parts.every((name) => part.test(name))) {
    throw new CloudSmithError("invalid-input", `\`${id}\` is no id of a log`, { why: "It names no log of a team" });
  }
  return join(dir, teamId, ...parts);
}

/** What is in a log's folder. */
export async function listLog(folder: string): Promise<Listing> {
  const names = await namesIn(folder);
  const cut = names?.map((name) => cutName.exec(name)?.[1]).find((position) => position !== undefined);
  return {
    exists: names !== undefined,
    segments: (names ?? []).sort().flatMap((name) => parseSegment(folder, name)),
    cutFrom: cut === undefined ? undefined : Number(cut),
    ended: names?.includes(endedName) ?? false,
  };
}

/** The path of a segment whose first line has this position and time (milliseconds since 1970). */
export function segmentPath(folder: string, first: number, at: number): string {
  return join(folder, `${padded(first)}-${String(at).padStart(13, "0")}.log`);
}

/** The path of the file whose name says where cutting begins. */
export function cutMarkerPath(folder: string, position: number): string {
  return join(folder, `cut-${padded(position)}`);
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function parseSegment(folder: string, name: string): Segment[] {
  const match = segmentName.exec(name);
  return match === null ? [] : [{ path: join(folder, name), first: Number(match[1]), at: Number(match[2]) }];
}

function padded(position: number): string {
  return String(position).padStart(12, "0");
}

async function namesIn(folder: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
