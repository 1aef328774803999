import { readFileSync } from "node:fs";
import { join } from "node:path";
import { causeCodes } from "@cloudsmith/contracts";
import * as z from "zod";

const Code = z.enum([...causeCodes, "disk-full"]);

/** One app of a public repository, and what should become of it; written before it is deployed. */
const Label = z.object({
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  dir: z.string(),
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** Rules are corrected by what the trial shows; the hold-out is only measured. "fresh" is a second hold-out, labelled after the corrections and run once. */
  set: z.enum(["trial", "hold-out", "fresh"]),
  kind: z.string(),
  /** "live" without any configuration, or the causes of which one has to be named. */
  expected: z.union([z.literal("live"), z.array(Code)]),
  /** Statuses of `/` besides 2xx that are right for it. */
  answers: z.array(z.number()).optional(),
  /** Causes that are right too where the machine of the trial reaches package registries only. */
  here: z.array(Code).optional(),
  /** What a right plan does, by reading the repository: runs a "server", serves a folder by its name, or is "none". For the comparison of planners. */
  serves: z.string().optional(),
  why: z.string(),
});
export type Label = z.infer<typeof Label>;

/** What became of it. `status` is that of `/` at its address. */
const Outcome = z.object({
  state: z.enum(["live", "failed", "canceled", "superseded", "timeout", "error"]),
  status: z.number().nullable(),
  code: z.string().nullable(),
  message: z.string().nullable(),
  seconds: z.number(),
  /** The state of the code that planned, built and diagnosed it: the tree of `packages/builder/src`. */
  by: z.string().optional(),
});
export type Outcome = z.infer<typeof Outcome>;

const Result = z.object({ repository: z.string(), dir: z.string(), first: Outcome, now: Outcome });
export type Result = z.infer<typeof Result>;

/**
 * live: as labelled, or better; diagnosed: it failed and the cause told is right; network: what it needs is out of this machine's reach, and that was told;
 * unsure: no cause was told; wrong: a cause was told that is not the cause; failed: it should be live.
 */
export type Verdict = "live" | "diagnosed" | "network" | "unsure" | "wrong" | "failed";

/** They say what was seen and name no cause. */
const unsure = new Set(["build-failed", "release-command-failed", "exits-at-start", "exits-silently", "crashed"]);
const folder = import.meta.dirname;

export const resultsFile = join(folder, "results.json");

export function readLabels(): Label[] {
  return z.array(Label).parse(JSON.parse(readFileSync(join(folder, "repositories.json"), "utf8")));
}

export function readResults(): Result[] {
  return z.array(Result).parse(JSON.parse(readFileSync(resultsFile, "utf8")));
}

export function keyOf({ repository, dir }: { readonly repository: string; readonly dir: string }): string {
  return dir === "" ? repository : `${repository}/${dir}`;
}

export function verdictOf(label: Label, outcome: Outcome): Verdict {
  const { state, status, code } = outcome;
  if (state === "live" && answersWell(label, status)) return "live";
  const named = code ?? "";
  if (label.expected !== "live" && label.expected.some((cause) => cause === named)) return "diagnosed";
  if (label.here?.some((cause) => cause === named) === true || isOutOfReach(outcome)) return "network";
  if (label.expected === "live" && (named === "" || unsure.has(named))) return "failed";
  return named === "" || unsure.has(named) ? "unsure" : "wrong";
}

/** A public host by its name; the machine of the trial reaches package registries only. */
function isOutOfReach({ code, message }: Outcome): boolean {
  const isNetwork = code === "host-unresolvable" || code === "network-unreachable" || code === "git-host-unreachable";
  return isNetwork && /\b(?:[a-z0-9-]+\.)+(?:com|org|io|dev|net|sh|app|co)\b/i.test(message ?? "");
}

function answersWell({ answers = [] }: Label, status: number | null): boolean {
  return status !== null && ((status >= 200 && status < 400) || answers.includes(status));
}
