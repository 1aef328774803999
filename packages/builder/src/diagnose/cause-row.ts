import type { BuildPlan, ErrorCode, PlanSettings } from "@cloudsmith/contracts";

/** One known cause: the line that gives it away, and what a person is told. */
export interface CauseRow {
  readonly code: ErrorCode;
  /** "build": install and build; "run": release command, start and health; "any": both. */
  readonly when: "build" | "run" | "any";
  /** Matched against each line without colours. The first group that matched is `what`: the package, file or variable. */
  readonly line: RegExp;
  /** Lines that look like it and are not. */
  readonly unless?: RegExp;
  /** `{what}` stands for the group. */
  readonly message: string;
  readonly fix: string;
  /** The change to settings that would fix it, where there is one. */
  readonly suggest?: (what: string, plan: BuildPlan) => PlanSettings | undefined;
}
