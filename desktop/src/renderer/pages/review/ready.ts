import { EnvironmentName, ProjectName } from "@cloudsmith/contracts";
import type { SourceReview } from "@cloudsmith/contracts/api";
import { missingByFile } from "../../variables/asked-for.ts";
import type { RowProblem, VariableRow } from "../../variables/variable-rows.ts";

export interface Ready {
  /** What stands in the way of deploying, as a word of the catalogue; undefined where nothing does. */
  readonly blocked: "noPlan" | "invalid" | undefined;
  /** Asked-for variables without a value; they do not stand in the way. */
  readonly missing: number;
  readonly warnings: number;
  readonly nameProblem: string | undefined;
  readonly environmentProblem: string | undefined;
}

export interface Decided {
  readonly review: SourceReview | undefined;
  readonly rows: readonly VariableRow[];
  readonly problems: ReadonlyMap<string, RowProblem>;
  readonly name: string | undefined;
  readonly environment: string;
}

/** Whether it can be deployed now, and what a person should know before. */
export function readyOf({ review, rows, problems, name, environment }: Decided): Ready {
  const named = name ?? review?.suggestedName ?? "";
  const nameProblem = review?.project == null ? problemIn(ProjectName.safeParse(named)) : undefined;
  const environmentProblem = problemIn(EnvironmentName.safeParse(environment));
  const invalid = problems.size > 0 || nameProblem !== undefined || environmentProblem !== undefined;
  return {
    blocked: review?.plan == null ? "noPlan" : invalid ? "invalid" : undefined,
    missing: missingByFile(rows).reduce((sum, { names }) => sum + names.length, 0),
    warnings: review?.plan?.warnings.length ?? 0,
    nameProblem,
    environmentProblem,
  };
}

function problemIn(parsed: {
  readonly error?: { readonly issues: readonly { readonly message: string }[] } | undefined;
}) {
  return parsed.error?.issues[0]?.message;
}
