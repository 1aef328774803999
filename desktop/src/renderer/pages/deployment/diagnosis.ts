import type { Deployment, Stage } from "@cloudsmith/contracts";
import type { DeploymentLog } from "@cloudsmith/contracts/api";

export type FailureOf = NonNullable<Deployment["failure"]>;

/** The log that a stage writes. */
export const logOfStage: Record<Stage, DeploymentLog> = {
  queued: "prepare",
  preparing: "prepare",
  building: "build",
  packaging: "build",
  releasing: "release",
  verifying: "start",
};

/** Codes that say only where it failed: the lines that tell most are shown instead of a cause. */
const unsure: ReadonlySet<string> = new Set(["build-failed", "release-command-failed", "exits-at-start", "crashed"]);

export function isUnsure({ code }: FailureOf): boolean {
  return unsure.has(code);
}

/** The line of the log that a failure points at. */
export function causeLine(failure: FailureOf): { section: DeploymentLog; position: number } | undefined {
  return failure.logLine === undefined ? undefined : { section: logOfStage[failure.stage], position: failure.logLine };
}

const place = /(?:^|[\s("'`[])((?:\.{0,2}\/)?(?:[\w@.-]+\/)*[\w@-][\w@.-]*\.[A-Za-z]\w{0,7}):(\d{1,6})(?::\d{1,6})?/;
const pythonPlace = /File "([^"]+)", line (\d+)/;

/** The file and line that a failure names, as `src/app.ts:12`. */
export function placeOf({ message, cause, excerpt = [] }: FailureOf): string | undefined {
  for (const text of [message, cause ?? "", ...excerpt]) {
    const match = pythonPlace.exec(text) ?? place.exec(text);
    if (match !== null) return `${match[1]}:${match[2]}`;
  }
  return undefined;
}

/** One setting that a fix would change: `limits.buildMemoryMb` and its new value. */
export interface SettingChange {
  readonly name: string;
  readonly value: string;
}

/** What the fix of a failure would change in the project's settings; empty where there is none. */
export function settingChanges({ suggestion }: FailureOf): SettingChange[] {
  return suggestion === undefined ? [] : flat("", suggestion);
}

function flat(prefix: string, value: object): SettingChange[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    if (typeof inner === "object" && inner !== null && !Array.isArray(inner)) return flat(name, inner);
    return inner === undefined ? [] : [{ name, value: typeof inner === "string" ? inner : JSON.stringify(inner) }];
  });
}
