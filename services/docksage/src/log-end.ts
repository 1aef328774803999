import type { Failure } from "@cloudsmith/contracts";

/** The end of a log, as it is read for a diagnosis. */
export interface LogEnd {
  readonly lines: readonly string[];
  /** Position of the first of the lines in its log. */
  readonly first: number;
}

/** A failure that counts its line within the end of a log, counted within the whole log. */
export function placed(failure: Failure, { first }: Pick<LogEnd, "first">): Failure {
  return failure.logLine === undefined ? failure : { ...failure, logLine: first + failure.logLine };
}
