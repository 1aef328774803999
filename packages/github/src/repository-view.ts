import type { Credential } from "@cloudsmith/contracts";
import { serverOf } from "./access.ts";
import type { Repository } from "./schemas.ts";

/** A repository as the picker shows it; see `RepositoryView` of the API. */
export interface ListedRepository {
  readonly account: string;
  readonly server: string;
  readonly id: number;
  readonly owner: string;
  readonly ownerType: "user" | "organization";
  readonly name: string;
  readonly private: boolean;
  readonly archived: boolean;
  readonly fork: boolean;
  readonly language: string | null;
  readonly description: string | null;
  readonly defaultBranch: string;
  readonly pushedAt: string | null;
  readonly url: string;
}

/** Takes what is shown; addresses are made of names, never taken from the answer. */
export function listed(credential: Credential, repository: Repository): ListedRepository {
  const { web } = serverOf(credential);
  return {
    account: credential.id,
    server: web,
    id: repository.id,
    owner: repository.owner.login,
    ownerType: repository.owner.type === "Organization" ? "organization" : "user",
    name: repository.name,
    private: repository.private,
    archived: repository.archived,
    fork: repository.fork,
    language: repository.language ?? null,
    description: repository.description?.slice(0, 300) ?? null,
    defaultBranch: repository.default_branch,
    pushedAt: repository.pushed_at ?? null,
    url: `${web}/${repository.full_name}`,
  };
}
