import { CloudSmithError, type Project, type SourceRef } from "@cloudsmith/contracts";
import { findCredential } from "@cloudsmith/github";
import type { Store } from "@cloudsmith/store";
import type { AgentServices } from "../services.ts";

/** The account that a source may be read with, as asked. Throws where there is none, where it is another project's token, or where a picked repository has none of its GitHub. */
export async function bindable(
  store: Store,
  teamId: string,
  account: string | null,
  source: SourceRef,
): Promise<string | null> {
  if (account === null) {
    if (source.type !== "github") return null;
    throw new CloudSmithError("invalid-input", `${source.name} needs an account to be read with`, {
      why: "A repository that was picked at GitHub is looked up by its id",
      fix: "Give one of accounts.list, or its address as a Git source",
    });
  }
  const { kind, name, server } = (await findCredential(store, { teamId, id: account })).value;
  if (kind === "git-token")
    throw new CloudSmithError("invalid-input", `${name} was given for one project alone`, {
      fix: "Choose an account of GitHub",
    });
  if (source.type === "github" && server?.web !== source.server)
    throw new CloudSmithError("invalid-input", `${name} is an account of another GitHub`, {
      why: `The repository is at ${source.server}, the account at ${server?.web ?? "none"}`,
      fix: "Choose another account",
    });
  return account;
}

/** A token that was given for a project alone goes when the project lets go of it. */
export async function dropOwnToken(services: AgentServices, before: Project, now: string | null): Promise<void> {
  const { teamId, credential } = before;
  if (credential === null || credential === now) return;
  const record = await services.store.get("credential", { teamId, id: credential });
  if (record?.value.kind !== "git-token") return;
  await services.store.commit({ deletes: [{ entity: "credential", value: record.value, if: "present" }] });
  const { token } = record.value.secrets;
  if (token !== null) await services.secrets.delete({ teamId }, [token]);
}
