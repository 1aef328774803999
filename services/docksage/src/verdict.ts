import type { CauseCode, PlanWarning } from "@cloudsmith/contracts";
import type { Observation } from "./targets/target.ts";

export interface Evidence {
  readonly observation: Observation | undefined;
  /** HTTP status of the health path; null where nothing answered, undefined before it was asked. */
  readonly status: number | null | undefined;
  /** The same of the release that is live now; null where none is or it does not answer. */
  readonly predecessorStatus: number | null;
  readonly healthPath: string;
  /** Seconds since it first answered. */
  readonly answeringSeconds: number;
  /** Seconds that an app may go on answering badly before that counts: it may be warming up. */
  readonly graceSeconds: number;
}

export type Verdict =
  | { readonly type: "wait" }
  | { readonly type: "accept"; readonly warnings: readonly PlanWarning[] }
  /** It needs the port that its predecessor holds: stop that one first. */
  | { readonly type: "make-exclusive" }
  | { readonly type: "reject"; readonly code: CauseCode | undefined; readonly status: number | null };

/**
 * Whether a candidate may go live. It must answer HTTP; one that answers badly where its predecessor did not is refused, a
 * first one that answers only server errors goes live with a warning, since its person wants to see it.
 */
export function verdict(evidence: Evidence): Verdict {
  const { observation, status } = evidence;
  if (observation?.portHeldBySibling === true) return { type: "make-exclusive" };
  if (observation?.state === "crashing") return { type: "reject", code: undefined, status: null };
  if (observation?.state !== "healthy" || status === undefined) return { type: "wait" };
  const bad = isBad(status, evidence.healthPath);
  if (!bad) return { type: "accept", warnings: [] };
  if (evidence.answeringSeconds < evidence.graceSeconds) return { type: "wait" };
  const code: CauseCode = status !== null && status < 500 ? "health-client-error" : "health-server-error";
  const predecessorIsFine =
    evidence.predecessorStatus !== null && !isBad(evidence.predecessorStatus, evidence.healthPath);
  if (predecessorIsFine) return { type: "reject", code, status };
  return {
    type: "accept",
    warnings: [
      {
        code,
        message: `It is live, but ${evidence.healthPath} answers ${status ?? "nothing"}`,
        fix: "Look at its log: cloudsmith logs",
      },
    ],
  };
}

/** On `/` any answer below 500 shows a working app (an API may well say 404); a chosen health path must answer below 400. */
function isBad(status: number | null, healthPath: string): boolean {
  if (status === null) return true;
  return status >= (healthPath === "/" ? 500 : 400);
}
