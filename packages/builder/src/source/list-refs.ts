import { tmpdir } from "node:os";
import { checkGitRef, git } from "./fetch-git.ts";

/** Branches and tags of a repository, by name. */
export interface GitRefs {
  /** Null for a repository without a commit. */
  readonly defaultBranch: string | null;
  readonly branches: readonly string[];
  /** As Git sorts them; the newest version last. */
  readonly tags: readonly string[];
  /** More refs than are told. */
  readonly truncated: boolean;
}

const mostRefs = 5000;

/** Asks the server of a repository for its branches and tags. Throws CloudSmithError with a `git-…` cause. */
export async function listRefs(
  url: string,
  options: { readonly signal: AbortSignal; readonly gitToken?: string; readonly seconds?: number },
): Promise<GitRefs> {
  const ref = { type: "git" as const, url, ref: null, dir: "" };
  checkGitRef(ref);
  const context = {
    ref,
    signal: options.signal,
    seconds: options.seconds ?? 30,
    maxBytes: Number.MAX_SAFE_INTEGER,
    token: options.gitToken,
    onLine: () => undefined,
  };
  const listed = await git(context, tmpdir(), [
    "ls-remote",
    "--quiet",
    "--symref",
    "--sort=version:refname",
    "--",
    url,
    "HEAD",
    "refs/heads/*",
    "refs/tags/*",
  ]);
  return readRefs(listed.stdout);
}

/** What `git ls-remote --symref` prints: `ref: refs/heads/main\tHEAD`, then an id and a name a line; `^{}` are the commits of tags. */
export function readRefs(text: string): GitRefs {
  const branches: string[] = [];
  const tags: string[] = [];
  let defaultBranch: string | null = null;
  for (const line of text.split("\n")) {
    const [first = "", name = ""] = line.split("\t");
    const symbolic = /^ref: refs\/heads\/(.+)$/.exec(first)?.[1];
    if (symbolic !== undefined && name === "HEAD") defaultBranch = symbolic;
    else if (name.startsWith("refs/heads/")) branches.push(name.slice("refs/heads/".length));
    else if (name.startsWith("refs/tags/") && !name.endsWith("^{}")) tags.push(name.slice("refs/tags/".length));
  }
  return {
    defaultBranch,
    branches: branches.slice(0, mostRefs),
    tags: tags.slice(-mostRefs),
    truncated: branches.length > mostRefs || tags.length > mostRefs,
  };
}
