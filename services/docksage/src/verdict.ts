import { isRefusedHost } from "@cloudsmith/builder";
import type { Observation, ProbeAnswer } from "./targets/target.ts";

export interface Evidence {
  readonly observation: Observation | undefined;
  /** Of the health path; null where nothing answered, undefined before it was asked. */
  readonly answer: ProbeAnswer | null | undefined;
  /** The same of the release that is live now; null where none is or it does not answer. */
  readonly predecessor: ProbeAnswer | null;
  readonly healthPath: string;
  /** Seconds since it first answered. */
  readonly answeringSeconds: number;
  /** Seconds that an app may go on answering badly before that counts: it may be warming up. */
  readonly graceSeconds: number;
}

export type Verdict =
  | { readonly type: "wait" }
  /** Live; `bad`: as it answers badly, its person is told why. */
  | { readonly type: "accept"; readonly bad: boolean }
  /** It needs the port that its predecessor holds: stop that one first. */
  | { readonly type: "make-exclusive" }
  | { readonly type: "reject" };

/**
 * Whether a candidate may go live. It must answer HTTP; one that answers badly where its predecessor did not is refused, a
 * first one that answers only server errors goes live with a warning, since its person wants to see it.
 */
export function verdict(evidence: Evidence): Verdict {
  const { observation, answer, predecessor, healthPath } = evidence;
  if (observation?.portHeldBySibling === true) return { type: "make-exclusive" };
  if (observation?.state === "crashing") return { type: "reject" };
  if (observation?.state !== "healthy" || answer === undefined) return { type: "wait" };
  if (!isBad(answer, healthPath)) return { type: "accept", bad: false };
  if (evidence.answeringSeconds < evidence.graceSeconds) return { type: "wait" };
  return predecessor !== null && !isBad(predecessor, healthPath) ? { type: "reject" } : { type: "accept", bad: true };
}

/** On `/` any answer below 500 shows a working app (an API may well say 404), unless it refuses its own name; a chosen health path must answer below 400. */
function isBad(answer: ProbeAnswer | null, healthPath: string): boolean {
  if (answer === null || answer.status >= 500) return true;
  return answer.status >= 400 && (healthPath !== "/" || isRefusedHost(answer.body));
}
