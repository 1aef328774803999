import type { BuildPlan, Failure, Stage } from "@cloudsmith/contracts";

export interface DiagnoseInput {
  readonly stage: Stage;
  readonly plan: BuildPlan;
  /** Lines as they were written. */
  readonly log: readonly string[];
  readonly exit?: { readonly code: number | null; readonly signal: string | null };
  readonly facts?: {
    readonly listening?: readonly { readonly host: string; readonly port: number }[];
    readonly httpStatus?: number;
    readonly timedOut?: boolean;
  };
}

/** Says why a stage failed, from its log and how it ended. Pure. */
export function diagnose(input: DiagnoseInput): Failure {
  return {
    code: input.stage === "building" ? "build-failed" : "crashed",
    message: "It failed",
    excerpt: input.log.slice(-20).map((line) => line.slice(0, 500)),
  };
}
