import * as z from "zod";
import { CredentialId } from "../credential.ts";
import { ErrorBody } from "../errors.ts";
import { procedure } from "./procedure.ts";
import { pageOf } from "./views.ts";

/** A repository that an account can read; `account`, `server` and `id` make a project's source. */
export const RepositoryView = z.object({
  account: CredentialId,
  server: z.string(),
  /** GitHub's id: it stays through renames and transfers. */
  id: z.number().int(),
  owner: z.string(),
  ownerType: z.enum(["user", "organization"]),
  name: z.string(),
  private: z.boolean(),
  archived: z.boolean(),
  fork: z.boolean(),
  language: z.string().nullable(),
  description: z.string().nullable(),
  defaultBranch: z.string(),
  /** The last push, ISO 8601; null of an empty one. */
  pushedAt: z.string().nullable(),
  /** Its page at GitHub. */
  url: z.string(),
});
export type RepositoryView = z.infer<typeof RepositoryView>;

/** Why some repositories are not in the list: an account that is signed out, an organization that restricts apps, GitHub's rate limit. */
export const RepositoryProblem = z.object({
  account: CredentialId,
  organization: z.string().nullable(),
  error: ErrorBody,
  /** Where it can be put right, at GitHub. */
  url: z.string().nullable(),
});
export type RepositoryProblem = z.infer<typeof RepositoryProblem>;

export const BranchView = z.object({
  name: z.string(),
  sha: z.string(),
  default: z.boolean(),
});
export type BranchView = z.infer<typeof BranchView>;

export const repositories = {
  /**
   * The list grows while GitHub is read, the last pushed ones first. Each call answers with what came after `cursor`, waiting some seconds for it; go on
   * until `cursor` is null. Nothing comes twice.
   */
  list: procedure(
    "accounts.read",
    "GET",
    "/repositories",
    "All repositories of the accounts, their organizations and installations, as they come",
  )
    .input(
      z.object({
        account: CredentialId.optional().describe("default: all that are signed in"),
        cursor: z.string().max(2000).optional(),
        limit: z.coerce.number().int().min(1).max(5000).default(1000),
        maxAgeSeconds: z.coerce
          .number()
          .int()
          .min(0)
          .default(300)
          .describe("how old the list may be; 0 asks GitHub what has changed since"),
      }),
    )
    .output(
      z.object({
        items: z.array(RepositoryView),
        cursor: z.string().nullable(),
        /** How many there will be, as far as GitHub has said. */
        total: z.number().int(),
        problems: z.array(RepositoryProblem),
      }),
    ),
  branches: procedure(
    "accounts.read",
    "GET",
    "/accounts/{account}/repositories/{repository}/branches",
    "Branches of a repository, the default one first",
  )
    .input(
      z.object({
        account: CredentialId,
        repository: z.coerce.number().int().positive(),
        prefix: z.string().max(200).optional().describe("only those whose name begins so"),
        cursor: z.string().max(20).optional(),
      }),
    )
    .output(pageOf(BranchView)),
};
