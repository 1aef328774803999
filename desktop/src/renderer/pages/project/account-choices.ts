import type { AccountView, ProjectView } from "@cloudsmith/contracts/api";

/** One of the ways that a repository can be read; the id of no account is empty. */
export type AccountChoice =
  | { readonly type: "account"; readonly id: string; readonly name: string; readonly state: AccountView["state"] }
  | { readonly type: "accountOwn" | "accountToken" | "accountGone"; readonly id: string };

/** What a project can be read with: accounts of its GitHub, and for a Git address also none. What it has now is always among them. */
export function accountChoices(
  { source, credential }: Pick<ProjectView["project"], "source" | "credential">,
  accounts: readonly Pick<AccountView, "id" | "kind" | "name" | "server" | "state">[],
): AccountChoice[] {
  const fitting = accounts
    .filter(({ kind, server }) => kind !== "git-token" && (source.type !== "github" || server === source.server))
    .map(({ id, name, state }) => ({ type: "account" as const, id, name, state }));
  const own: AccountChoice[] = source.type === "github" ? [] : [{ type: "accountOwn", id: "" }];
  const choices = [...own, ...fitting];
  if (credential === null || choices.some(({ id }) => id === credential)) return choices;
  const isKnown = accounts.some(({ id }) => id === credential);
  return [{ type: isKnown ? "accountToken" : "accountGone", id: credential }, ...choices];
}
