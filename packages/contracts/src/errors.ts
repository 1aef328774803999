import * as z from "zod";
import { causeCodes, type CauseCode } from "./causes.ts";

/**
 * Every error a caller of CloudSmith can get: HTTP status of the API and exit code of the command line, in one row each.
 * Causes of failed deployments (`causes.ts`) are codes too; they answer 422 and exit with 1.
 */
export const errorTable = {
  "invalid-input": { status: 400, exit: 2 },
  "not-signed-in": { status: 401, exit: 4 },
  forbidden: { status: 403, exit: 4 },
  "not-found": { status: 404, exit: 5 },
  conflict: { status: 409, exit: 6 },
  "name-taken": { status: 409, exit: 6 },
  "illegal-transition": { status: 409, exit: 6 },
  "already-settled": { status: 409, exit: 6 },
  "nothing-to-roll-back": { status: 409, exit: 6 },
  "too-large": { status: 413, exit: 7 },
  "version-mismatch": { status: 426, exit: 8 },
  "rate-limited": { status: 429, exit: 9 },
  "github-unreachable": { status: 503, exit: 9 },
  "github-signed-out": { status: 409, exit: 4 },
  "github-restricted": { status: 403, exit: 4 },
  "github-refused": { status: 422, exit: 1 },
  locked: { status: 423, exit: 9 },
  "agent-unreachable": { status: 503, exit: 3 },
  "agent-running": { status: 409, exit: 3 },
  "database-newer": { status: 500, exit: 8 },
  "database-damaged": { status: 500, exit: 8 },
  "data-damaged": { status: 500, exit: 8 },
  "keeper-unreachable": { status: 503, exit: 3 },
  "component-missing": { status: 500, exit: 3 },
  "disk-full": { status: 507, exit: 7 },
  "deadline-exceeded": { status: 504, exit: 1 },
  aborted: { status: 499, exit: 130 },
  internal: { status: 500, exit: 70 },
} as const;

export type ErrorCode = keyof typeof errorTable | CauseCode;

// Object.keys loses the key type; the table is a literal, so the keys are exactly its own.
export const errorCodes = [...causeCodes, ...(Object.keys(errorTable) as (keyof typeof errorTable)[])] as const;

/** An error as the API and `--json` give it: what happened, why, and what to do next. */
export const ErrorBody = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  cause: z.string().optional(),
  fix: z.string().optional(),
  docs: z.string().optional(),
  correlationId: z.string().optional(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

export interface CloudSmithErrorOptions {
  /** Why it happened, in a sentence. */
  readonly why?: string | undefined;
  /** What the person can do next, in a sentence. */
  readonly fix?: string | undefined;
  /** A page that explains more. */
  readonly docs?: string | undefined;
  /** What was thrown underneath; kept for logs, never shown as it is. */
  readonly cause?: unknown;
}

/** The one error class that crosses boundaries; everything else thrown is a bug and becomes `internal` at the edge. */
export class CloudSmithError extends Error {
  override readonly name = "CloudSmithError";
  readonly code: ErrorCode;
  readonly why: string | undefined;
  readonly fix: string | undefined;
  readonly docs: string | undefined;

  constructor(code: ErrorCode, message: string, options: CloudSmithErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.why = options.why;
    this.fix = options.fix;
    this.docs = options.docs;
  }
}

/** The HTTP status and exit code of an error code. */
export function errorFacts(code: ErrorCode): { readonly status: number; readonly exit: number } {
  return Object.hasOwn(errorTable, code) ? errorTable[code as keyof typeof errorTable] : { status: 422, exit: 1 };
}

/** Wraps anything thrown: a CloudSmithError stays, disk-full and aborts are recognised, the rest becomes `internal` with the cause kept. */
export function toCloudSmithError(thrown: unknown): CloudSmithError {
  if (thrown instanceof CloudSmithError) return thrown;
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  if (
    code === "ENOSPC" ||
    code === "EDQUOT" ||
    (thrown instanceof Error && /database or disk is full/.test(thrown.message))
  ) {
    return new CloudSmithError("disk-full", "The disk is full", {
      why: "CloudSmith could not write to its data folder",
      fix: "Free some space, or run `cloudsmith doctor --clean` to drop caches, then try again",
      cause: thrown,
    });
  }
  if (thrown instanceof Error && thrown.name === "AbortError")
    return new CloudSmithError("aborted", "The operation was canceled", { cause: thrown });
  return new CloudSmithError("internal", "Something went wrong inside CloudSmith", {
    why: thrown instanceof Error ? thrown.message : textOf(thrown),
    fix: "Try again; if it happens again, run `cloudsmith support-bundle` and report it",
    cause: thrown,
  });
}

/** What was thrown as text; an object without a prototype or with a broken `toString` has none. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
}

/** An error in the shape that people and programs get. */
export function toErrorBody(error: CloudSmithError, correlationId?: string): ErrorBody {
  return {
    code: error.code,
    message: error.message,
    ...(error.why !== undefined && { cause: error.why }),
    ...(error.fix !== undefined && { fix: error.fix }),
    ...(error.docs !== undefined && { docs: error.docs }),
    ...(correlationId !== undefined && { correlationId }),
  };
}
