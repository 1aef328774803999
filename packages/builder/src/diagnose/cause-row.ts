import type { BuildPlan, CauseCode, ErrorCode, PlanSettings } from "@cloudsmith/contracts";

/** What is known of the app besides its log. Each is left out where nobody looked. */
export interface Facts {
  /** What the app's processes listen on. */
  readonly listening?: readonly { readonly host: string; readonly port: number }[];
  /** Of the health path. */
  readonly httpStatus?: number;
  /** The beginning of that answer. */
  readonly httpBody?: string;
  /** It was given its time, and that passed. */
  readonly timedOut?: boolean;
  /** The port that the app was told in PORT. */
  readonly port?: number;
  /** It runs where only what listens on all interfaces can be reached. */
  readonly container?: boolean;
  /** The kernel or a bound of CloudSmith stopped it for its memory. */
  readonly outOfMemory?: boolean;
  /** The disk that it writes to has no room left. */
  readonly diskFull?: boolean;
  /** Names of variables that have a value. */
  readonly variables?: readonly string[];
  /** What the app's package.json asks for, by name. */
  readonly packages?: { readonly dependencies: readonly string[]; readonly devDependencies: readonly string[] };
  /** The app's folder; taken off the paths that are shown. */
  readonly root?: string;
}

/** A line that a row recognised. */
export interface CauseMatch {
  readonly row: CauseRow;
  /** The package, file, variable or host that the line names; empty where it names none. */
  readonly what: string;
  readonly line: number;
  readonly text: string;
}

/** One known cause: the lines that give it away, and what a person is told. */
export interface CauseRow {
  readonly code: CauseCode | Extract<ErrorCode, "disk-full">;
  /** "build": install and build; "run": release command, start and health; "any": both. */
  readonly when: "build" | "run" | "any";
  /**
   * Each is tried on every line without colours; one with a line break in it is tried on the line with the four that follow.
   * A group named `what` is the package, file, variable or host.
   */
  readonly lines: readonly RegExp[];
  /** Lines that look like it and are not. */
  readonly unless?: RegExp;
  /** Words that are ambiguous alone count only with this one within eight lines before or after. */
  readonly near?: RegExp;
  /** Also believed on a line that speaks of a retry, where nothing else explains the failure: what never came gives only such lines. */
  readonly persists?: boolean;
  /** Where the named file and line stand, seen from the line: "near" below first and then above (stacks), "above" the nearest before. */
  readonly locate?: "near" | "above";
  /** `{what}` stands for the group. */
  readonly message: string;
  /** The message where the line names nothing. */
  readonly plain?: string;
  /** Where it differs from what `cause-texts.ts` says for the code. */
  readonly fix?: string;
  /** The change to settings that would fix it, where there is one. */
  readonly suggest?: (what: string, plan: BuildPlan) => PlanSettings | undefined;
}
