import { mkdirSync, readdirSync, readFileSync, statSync, existsSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { CloudSmithError, type Commit, type SourceRef } from "@cloudsmith/contracts";
import { checkRef, checkUrl } from "./parse-source.ts";
import { gitFailure } from "./git-failure.ts";
import { runGit, type GitResult } from "./run-git.ts";

export type GitRef = Extract<SourceRef, { type: "git" }>;

export interface GitContext {
  readonly ref: GitRef;
  readonly signal: AbortSignal;
  readonly seconds: number;
  readonly maxBytes: number;
  readonly token: string | undefined;
  readonly onLine: (line: string) => void;
}

/** Throws unless the reference is one that Git may be given: it can come from a database and not from `parseSource`. */
export function checkGitRef(ref: GitRef): void {
  if (ref.url.startsWith("-")) throw new CloudSmithError("invalid-input", "The address could be read as an option");
  if (/^[A-Za-z][A-Za-z0-9+.-]*::/.test(ref.url) || ref.url.includes("://")) checkUrl(ref.url);
  else if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*@?[A-Za-z0-9.-]*:[^-\s][^\s]*$/.test(ref.url))
    throw new CloudSmithError("invalid-input", `${ref.url} is not a Git URL`);
  if (ref.ref !== null) checkRef(ref.ref);
}

/** A commit, and the name or id under which the server gives it. */
export interface RemoteCommit {
  readonly sha: string;
  readonly name: string;
}

/** The commit that a branch, a tag or the default branch stands at, by asking the server; undefined for the beginning of a commit's id. A branch comes before a tag of its name. */
export async function remoteCommit(context: GitContext, cwd: string): Promise<RemoteCommit | undefined> {
  const wanted = context.ref.ref;
  if (wanted !== null && /^[0-9a-f]{40}$/.test(wanted)) return { sha: wanted, name: wanted };
  const patterns = wanted === null ? ["HEAD"] : [wanted, `${wanted}^{}`];
  const result = await git(context, cwd, ["ls-remote", "--quiet", "--", context.ref.url, ...patterns]);
  const found = new Map(
    result.stdout.split("\n").map((line) => [line.split("\t")[1] ?? "", line.split("\t")[0] ?? ""]),
  );
  const names =
    wanted === null ? ["HEAD"] : [`refs/heads/${wanted}`, `refs/tags/${wanted}^{}`, `refs/tags/${wanted}`, wanted];
  for (const name of names) {
    const sha = found.get(name);
    if (sha !== undefined && sha !== "") return { sha, name: name.replace("^{}", "") };
  }
  if (wanted !== null && /^[0-9a-f]{4,39}$/.test(wanted)) return undefined;
  throw refNotFound(context.ref);
}

/** Fetches one commit, shallow, with its submodules, into `to`. Throws CloudSmithError with a `git-…` cause. */
export async function fetchGit(
  context: GitContext,
  remote: RemoteCommit | undefined,
  to: string,
): Promise<{ commit: Commit; notes: string[] }> {
  mkdirSync(to, { recursive: true });
  await git(context, to, ["init", "--quiet", "--template=", "."]);
  // By name where there is one: a server may refuse to give a commit by its id.
  const name = remote?.name ?? (await resolveShortCommit(context, to));
  await git(context, to, [
    "fetch",
    "--quiet",
    "--depth=1",
    "--no-tags",
    "--no-recurse-submodules",
    "--",
    context.ref.url,
    name,
  ]);
  await git(context, to, ["checkout", "--quiet", "--force", "--detach", "FETCH_HEAD"]);
  const notes = [...(await fetchSubmodules(context, to)), ...lfsNotes(to)];
  return { commit: await describeCommit(context, to), notes };
}

/** A short id is known only to who has the history: all commits are fetched, without their files where the server can do that. */
async function resolveShortCommit(context: GitContext, to: string): Promise<string> {
  await git(context, to, [
    "fetch",
    "--quiet",
    "--filter=blob:none",
    "--",
    context.ref.url,
    "+refs/heads/*:refs/remotes/source/*",
    "+refs/tags/*:refs/tags/*",
  ]);
  const parsed = await run(context, to, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${context.ref.ref ?? ""}^{commit}`,
  ]);
  if (parsed.code !== 0) throw refNotFound(context.ref);
  return parsed.stdout.trim();
}

async function fetchSubmodules(context: GitContext, to: string): Promise<string[]> {
  if (!existsSync(join(to, ".gitmodules"))) return [];
  const result = await run(context, to, ["submodule", "update", "--init", "--recursive", "--depth=1", "--quiet"]);
  if (result.code === 0) return ["Submodules were fetched"];
  throw new CloudSmithError("git-submodule", "A submodule could not be fetched", {
    why: lastLine(result.stderr),
    fix: "Check the addresses in .gitmodules and that your Git credentials can read them (relative or https addresses work best)",
  });
}

function lfsNotes(root: string): string[] {
  const attributes = join(root, ".gitattributes");
  if (!existsSync(attributes) || !readFileSync(attributes, "utf8").includes("filter=lfs")) return [];
  const pointers = countPointers(root);
  return pointers === 0
    ? []
    : [`${pointers} file(s) are Git LFS pointers: their content was not fetched, and the app sees the pointers`];
}

function countPointers(folder: string): number {
  let count = 0;
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, item.name);
    if (item.isDirectory()) count += item.name === ".git" ? 0 : countPointers(path);
    else if (
      item.isFile() &&
      statSync(path).size < 300 &&
      readFileSync(path, "utf8").startsWith("version https://git-lfs")
    )
      count += 1;
  }
  return count;
}

const CommitInstant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());

async function describeCommit(context: GitContext, to: string): Promise<Commit> {
  const shown = await git(context, to, [
    "show",
    "--no-patch",
    "--no-show-signature",
    "--format=%H%x00%s%x00%an%x00%cI",
    "HEAD",
  ]);
  const [sha = "", message = "", author = "", at = ""] = shown.stdout.trim().split("\0");
  const instant = CommitInstant.safeParse(at);
  return {
    sha,
    message: message.slice(0, 500),
    author: author.slice(0, 200),
    at: instant.success ? instant.data : null,
  };
}

/** Runs Git for a source, with its token and the transports that it may use; a failure is thrown with its cause. */
export async function git(context: GitContext, cwd: string, args: readonly string[]): Promise<GitResult> {
  const result = await run(context, cwd, args);
  if (result.code === 0) return result;
  throw gitFailure(context.ref, result);
}

async function run(context: GitContext, cwd: string, args: readonly string[]): Promise<GitResult> {
  using guard = sizeGuard(cwd, context);
  const result = await runGit(args, {
    cwd,
    signal: guard.signal,
    seconds: context.seconds,
    env: { ...protocols(context.ref), ...tokenHeader(context) },
    onLine: context.onLine,
  }).catch((error: unknown) => {
    if (guard.exceeded() && !context.signal.aborted) throw tooLarge(context);
    throw error;
  });
  return result;
}

/** A repository on this machine may have submodules on this machine; one from the network may not. */
function protocols(ref: GitRef): Record<string, string> {
  return { GIT_ALLOW_PROTOCOL: ref.url.startsWith("file:") ? "https:http:ssh:git:file" : "https:http:ssh:git" };
}

/** The token goes through the environment: argv and URLs can be read by others and end up in logs. */
function tokenHeader(context: GitContext): Record<string, string> {
  const url = URL.parse(context.ref.url);
  if (context.token === undefined || url === null || !isPrivate(url)) return {};
  const basic = Buffer.from(`x-access-token:${context.token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${url.origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}

/** Nobody on the way can read what is sent there. */
function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname));
}

function sizeGuard(folder: string, context: GitContext): Disposable & { signal: AbortSignal; exceeded: () => boolean } {
  const own = new AbortController();
  const objects = join(folder, ".git", "objects");
  const timer = setInterval(() => {
    if (folderBytes(objects) > context.maxBytes) own.abort();
  }, 500);
  return {
    signal: AbortSignal.any([context.signal, own.signal]),
    exceeded: () => own.signal.aborted,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function folderBytes(folder: string): number {
  let total = 0;
  try {
    for (const item of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, item.name);
      total += item.isDirectory() ? folderBytes(path) : (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
    }
  } catch {
    // Git renames and removes temporary files while they are measured; the next measure sees the rest.
  }
  return total;
}

function tooLarge(context: GitContext): CloudSmithError {
  return new CloudSmithError(
    "source-too-large",
    `The repository is larger than ${Math.round(context.maxBytes / 1e6)} MB`,
    {
      fix: "Remove large files from the commit, or raise the limit for sources",
    },
  );
}

function refNotFound(ref: GitRef): CloudSmithError {
  if (ref.ref === null)
    return new CloudSmithError("git-ref-not-found", `${ref.url} has no default branch`, {
      why: "The repository may be empty",
      fix: "Commit to its default branch, or name a branch, tag or commit after #",
    });
  return new CloudSmithError(
    "git-ref-not-found",
    `${ref.url} has no branch, tag or commit ${JSON.stringify(ref.ref)}`,
    {
      fix: "Name a branch, tag or commit that exists after #",
    },
  );
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.slice(0, 500) ?? "";
}
