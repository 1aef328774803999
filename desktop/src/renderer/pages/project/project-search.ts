import { deploymentStates } from "@cloudsmith/contracts";
import { flag, oneOf, text, type Search } from "../../search-values.ts";

export const tabs = ["overview", "deployments", "variables", "logs", "metrics", "settings"] as const;
export type Tab = (typeof tabs)[number];

export const ranges = ["hour", "day", "week"] as const;
export type Range = (typeof ranges)[number];

const dialogs = ["environment", "destroy", "rename"] as const;

/** What the address of a project says beside its tab: everything that is chosen on the page. */
export interface ProjectSearch {
  readonly environment?: string | undefined;
  /** Of the history. */
  readonly state?: (typeof deploymentStates)[number] | undefined;
  /** A deployment that going back to is looked at. */
  readonly rollback?: string | undefined;
  readonly range?: Range | undefined;
  readonly table?: boolean | undefined;
  /** A dialog that is open. */
  readonly ask?: (typeof dialogs)[number] | undefined;
}

export function projectSearch({ environment, state, rollback, range, table, ask }: Search): ProjectSearch {
  return {
    environment: text(environment),
    state: oneOf(deploymentStates, state),
    rollback: text(rollback),
    range: oneOf(ranges, range),
    table: flag(table),
    ask: oneOf(dialogs, ask),
  };
}
