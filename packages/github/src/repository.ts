import { CloudSmithError, type SourceRef } from "@cloudsmith/contracts";
import * as z from "zod";
import { serverOf, type GitHubAccess } from "./access.ts";
import type { CredentialKey } from "./credentials.ts";
import { parseAnswer } from "./octokit.ts";
import { listed, type ListedRepository } from "./repository-view.ts";
import { Branch, MatchingRef, Repository } from "./schemas.ts";

interface RepositoryKey {
  readonly account: CredentialKey;
  readonly repository: number;
  readonly signal?: AbortSignal | undefined;
}

/** One repository by GitHub's id, whatever it is called now. */
export function getRepository(
  access: GitHubAccess,
  { account, repository, signal }: RepositoryKey,
): Promise<ListedRepository> {
  return access.call(account, signal, async (octokit, credential) => {
    const { data } = await octokit.request("GET /repositories/{repository}", { repository });
    return listed(credential, parseAnswer(Repository, data, serverOf(credential)));
  });
}

export interface ListedBranch {
  readonly name: string;
  readonly sha: string;
  readonly default: boolean;
}

/** Branches in pages of 100, the default one first; with a prefix, up to 100 that begin with it. */
export function listBranches(
  access: GitHubAccess,
  { account, repository, signal, prefix, page }: RepositoryKey & { prefix?: string | undefined; page: number },
): Promise<{ items: ListedBranch[]; next: number | null }> {
  return access.call(account, signal, async (octokit, credential) => {
    const server = serverOf(credential);
    const known = await octokit.request("GET /repositories/{repository}", { repository });
    const main = parseAnswer(Repository, known.data, server).default_branch;
    if (prefix !== undefined && prefix !== "") {
      const { data } = await octokit.request("GET /repositories/{repository}/git/matching-refs/heads/{+prefix}", {
        repository,
        prefix: encodeURI(prefix).replace(/[?#]/g, encodeURIComponent),
        per_page: 100,
      });
      const items = parseAnswer(z.array(MatchingRef), data, server).map(({ ref, object }) => ({
        name: ref.replace(/^refs\/heads\//, ""),
        sha: object.sha,
        default: ref === `refs/heads/${main}`,
      }));
      return { items: items.slice(0, 100), next: null };
    }
    const branches = await octokit.request("GET /repositories/{repository}/branches", {
      repository,
      per_page: 100,
      page,
    });
    const items = parseAnswer(z.array(Branch), branches.data, server)
      .map(({ name, commit }) => ({ name, sha: commit.sha, default: name === main }))
      .filter((each) => !each.default);
    const first = page === 1 ? await defaultBranch(octokit, repository, main, server) : [];
    const more = /rel="next"/.test(branches.headers.link ?? "");
    return { items: [...first, ...items], next: more ? page + 1 : null };
  });
}

type Octokit = Parameters<Parameters<GitHubAccess["call"]>[2]>[0];

/** Asked for by name: it may stand on a later page. An empty repository has none. */
async function defaultBranch(
  octokit: Octokit,
  repository: number,
  name: string,
  server: Parameters<typeof parseAnswer>[2],
): Promise<ListedBranch[]> {
  try {
    const { data } = await octokit.request("GET /repositories/{repository}/branches/{branch}", {
      repository,
      branch: name,
    });
    return [{ name, sha: parseAnswer(Branch, data, server).commit.sha, default: true }];
  } catch (error) {
    if (error instanceof CloudSmithError && error.code === "not-found") return [];
    throw error;
  }
}

export interface GitAccess {
  readonly source: Exclude<SourceRef, { type: "github" }>;
  /** For the address of the source and no other. */
  readonly gitToken: string | undefined;
}

/**
 * What Git needs to fetch a source with a project's credential: a repository on GitHub is looked up by its id, so that renames and transfers go on, and its address is made of the
 * configured GitHub and the name that came back. Throws `github-…`, `rate-limited`, `not-found`, `git-auth`.
 */
export async function gitAccess(
  access: GitHubAccess,
  wanted: {
    teamId: string;
    source: SourceRef;
    credential: string | null;
    /** Where the project comes from that the credential is of. */
    own?: SourceRef | undefined;
    signal?: AbortSignal | undefined;
  },
): Promise<GitAccess> {
  const { teamId, source, credential, own, signal } = wanted;
  if (source.type === "folder") return { source, gitToken: undefined };
  const key = credential === null ? undefined : { teamId, id: credential };
  if (source.type === "git")
    return { source, gitToken: key === undefined ? undefined : await tokenFor(access, key, source.url, own) };
  if (key === undefined)
    throw new CloudSmithError("git-auth", `${source.name} has no account to be read with`, {
      why: "A repository that was picked at GitHub is looked up by its id",
      fix: "Choose an account in the project's settings",
    });
  const { credential: record, token } = await access.of(key);
  if (serverOf(record).web !== source.server)
    throw new CloudSmithError("git-auth", `${record.name} is an account of another GitHub`, {
      why: `The repository is at ${source.server}, the account at ${serverOf(record).web}`,
      fix: "Choose another account in the project's settings",
    });
  const found = await getRepository(access, { account: key, repository: source.repository, signal });
  return {
    source: { type: "git", url: `${found.url}.git`, ref: source.ref, dir: source.dir },
    gitToken: token,
  };
}

/** A GitHub account's token goes to its own GitHub alone; one that was given for a project, to that project's own address: anybody else would be handed it. */
async function tokenFor(
  access: GitHubAccess,
  key: CredentialKey,
  url: string,
  own: SourceRef | undefined,
): Promise<string | undefined> {
  const { credential, token } = await access.of(key);
  if (credential.server === null) return own?.type === "git" && own.url === url ? token : undefined;
  return URL.parse(url)?.origin === new URL(credential.server.web).origin ? token : undefined;
}
