import type { BuildPlan, Platform } from "@cloudsmith/contracts";
import type { LogLine } from "@cloudsmith/logs";
import type { PackEntry } from "../archive/pack.ts";
import type { WorkFolder } from "./work-folder.ts";

export const buildSteps = ["unpack", "toolchain", "install", "build", "prune", "pack", "upload"] as const;
export type BuildStep = (typeof buildSteps)[number];

export interface BuildLimits {
  readonly seconds: number;
  readonly memoryMb: number;
  readonly diskMb: number;
  /** Bytes of log. */
  readonly outputBytes: number;
}

/** What the steps of one build share. */
export interface BuildContext {
  readonly plan: BuildPlan;
  readonly folder: WorkFolder;
  readonly installRoot: string;
  readonly appRoot: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cacheDir: string;
  readonly platform: Platform;
  readonly signal: AbortSignal;
  /** A line of CloudSmith itself. */
  readonly say: (text: string) => void;
  readonly log: (line: LogLine) => void;
  /** Lines that the build's log has so far. */
  readonly lineCount: () => number;
  /** What shares framework caches. */
  readonly cacheKey: string;
  readonly limits: BuildLimits;
  /** When the whole build has to be done, in milliseconds since the epoch. */
  readonly deadline: number;
  /** Exact versions in use. */
  readonly toolchains: Readonly<Record<string, string>>;
  readonly buildVariables: Readonly<Record<string, string>>;
}

/** What goes into the artifact, and the plan as the artifact's manifest has it. */
export interface ArtifactContents {
  readonly entries: Iterable<PackEntry>;
  readonly plan: BuildPlan;
}

/** One kind of build. To add a kind: a file beside this one with these three, and a line in builders.ts. */
export interface Builder {
  readonly install: (context: BuildContext) => Promise<void>;
  readonly build: (context: BuildContext) => Promise<void>;
  /** Chooses what the artifact holds; runs last, and may remove what production does not need. */
  readonly contents: (context: BuildContext) => Promise<ArtifactContents>;
}
