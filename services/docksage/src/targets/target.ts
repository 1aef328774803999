import type { ArtifactManifest, BuildPlan, Release } from "@cloudsmith/contracts";
import type { LogLine } from "@cloudsmith/logs";

/** Everything about a release that a target needs besides its record. */
export interface ReleaseParts {
  readonly release: Release;
  readonly manifest: ArtifactManifest;
  /** Run-time variables and secrets, resolved. */
  readonly env: Readonly<Record<string, string>>;
  /** Values that must not stand in anything that is written. */
  readonly secretValues: readonly string[];
  readonly memoryMb: number | null;
  /** Folder that survives redeploys, relative to the app's; null for none. */
  readonly persist: string | null;
}

/** Names an environment, as the store does. */
export interface EnvironmentKey {
  readonly teamId: string;
  readonly id: string;
}

/** The environment that a release belongs to. */
export function environmentOf({ teamId, environmentId }: Release): EnvironmentKey {
  return { teamId, id: environmentId };
}

/** What a target sees of a release now. */
export interface Observation {
  readonly releaseId: string;
  readonly state: "starting" | "healthy" | "crashing" | "stopped";
  readonly port: number | null;
  readonly restarts: number;
  /** Why it is not healthy, in a word of the target's. */
  readonly reason: string | null;
  readonly exit: { readonly code: number | null; readonly signal: string | null } | null;
  readonly lastLines: readonly string[];
  readonly listening: readonly { readonly host: string; readonly port: number }[];
  /** It refuses requests under its own host name and allows those for localhost; the target sends it such ones where it can. */
  readonly refusesItsHost: boolean;
  /** It insists on a port that another release of its environment holds. */
  readonly portHeldBySibling: boolean;
  /** Addresses that reach it now. */
  readonly url: string | null;
  readonly plainUrl: string | null;
  readonly memoryMb: number | null;
  readonly cpuPercent: number | null;
}

export interface ProbeAnswer {
  readonly status: number;
  /** The beginning of what came with an error; empty for other answers. */
  readonly body: string;
}

export interface CommandResult {
  readonly exit: { readonly code: number | null; readonly signal: string | null };
  readonly timedOut: boolean;
}

/** Runs releases somewhere. Nothing here decides what should run: the store does, and a target converges to it. */
export interface Target {
  readonly name: string;
  /** Puts the files of a release in place; repeating it changes nothing. */
  prepare(parts: ReleaseParts, signal: AbortSignal): Promise<void>;
  /** Runs the plan's release command beside the prepared files. */
  runReleaseCommand(
    parts: ReleaseParts,
    command: NonNullable<BuildPlan["commands"]["release"]>,
    io: { log: (line: LogLine) => void; signal: AbortSignal; seconds: number },
  ): Promise<CommandResult>;
  /** Brings what runs and what is routed to what the store says: of one environment where it is known which changed, else of all. Concurrent calls are joined. */
  converge(environment?: EnvironmentKey): Promise<void>;
  /** Tries again what an earlier `converge` could not do; nothing where all was done. */
  catchUp(): Promise<void>;
  /** Whether observations are of now; false while what runs the releases is out of reach or has not been told anything yet. */
  isWatching(): boolean;
  /** The last observation; undefined for a release that does not run here. */
  observed(releaseId: string): Observation | undefined;
  /** Resolves after the next change of any observation, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
  /** Asks the release itself on a path, as its visitors would; null where nothing answered. */
  probe(release: Release, path: string, signal: AbortSignal): Promise<ProbeAnswer | null>;
  /** Removes everything of an environment whose releases have all been retired. Resolves when nothing of it runs any more. */
  destroy(environmentId: string, releaseIds: readonly string[]): Promise<void>;
}
