import * as z from "zod";

/** The parts of GitHub's answers that are used, https://github.com/github/rest-api-description. */
export const User = z.object({ id: z.number().int(), login: z.string() });

const Owner = z.object({ login: z.string(), type: z.string() });

export const Repository = z.object({
  id: z.number().int(),
  name: z.string(),
  full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  owner: Owner,
  private: z.boolean(),
  archived: z.boolean().default(false),
  fork: z.boolean().default(false),
  language: z.string().nullish(),
  description: z.string().nullish(),
  default_branch: z.string(),
  pushed_at: z.string().nullish(),
});
export type Repository = z.infer<typeof Repository>;

export const Branch = z.object({ name: z.string(), commit: z.object({ sha: z.string() }) });
/** https://docs.github.com/en/rest/git/refs#list-matching-references */
export const MatchingRef = z.object({ ref: z.string(), object: z.object({ sha: z.string() }) });

export const Installation = z.object({
  id: z.number().int(),
  account: z.object({ login: z.string(), type: z.string().default("User") }).nullable(),
  repository_selection: z.enum(["all", "selected"]),
  suspended_at: z.string().nullish(),
  target_type: z.string(),
});
export const Installations = z.object({ total_count: z.number().int(), installations: z.array(Installation) });
export const InstallationRepositories = z.object({
  total_count: z.number().int(),
  repositories: z.array(Repository),
});

export const Organization = z.object({ login: z.string() });

/** https://docs.github.com/en/rest/apps/apps#create-a-github-app-from-a-manifest */
export const ConvertedApp = z.object({
  id: z.number().int(),
  slug: z.string(),
  name: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
  webhook_secret: z.string().nullable(),
  pem: z.string(),
});
