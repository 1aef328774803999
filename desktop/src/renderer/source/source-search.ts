import type { SourceRef } from "@cloudsmith/contracts";
import { text, type Search } from "../search-values.ts";

/** A source in the address of a page: short, readable, and safe to share on this computer. */
export interface SourceSearch {
  readonly folder?: string | undefined;
  readonly git?: string | undefined;
  /** A repository by GitHub's id; `name` is for people, `account` reads it. */
  readonly github?: number | undefined;
  readonly server?: string | undefined;
  readonly name?: string | undefined;
  readonly account?: string | undefined;
  readonly ref?: string | undefined;
  readonly dir?: string | undefined;
}

/** Reads it from an address; what makes no sense is left out, and the agent checks the rest. */
export function sourceSearch({ folder, git, github, server, name, account, ref, dir }: Search): SourceSearch {
  const repository = Number(text(github));
  return {
    folder: text(folder),
    git: text(git),
    github: Number.isSafeInteger(repository) && repository > 0 ? repository : undefined,
    server: text(server),
    name: text(name),
    account: text(account),
    ref: text(ref),
    dir: text(dir),
  };
}

const githubServer = "https://github.com";

export function searchOf(source: SourceRef, account?: string): SourceSearch {
  const dir = source.dir === "" ? {} : { dir: source.dir };
  const reader = account === undefined ? {} : { account };
  if (source.type === "folder") return { folder: source.path, ...dir };
  const ref = source.ref === null ? {} : { ref: source.ref };
  if (source.type === "git") return { git: source.url, ...reader, ...ref, ...dir };
  const server = source.server === githubServer ? {} : { server: source.server };
  return { github: source.repository, name: source.name, ...server, ...reader, ...ref, ...dir };
}

/** The source that an address names; undefined where it names none. */
export function sourceOf(search: SourceSearch): SourceRef | undefined {
  const { folder, git, github, server = githubServer, name = "", ref = null, dir = "" } = search;
  if (folder !== undefined && folder !== "") return { type: "folder", path: folder, dir };
  if (git !== undefined && git !== "") return { type: "git", url: git, ref, dir };
  if (github !== undefined) return { type: "github", server, repository: github, name, ref, dir };
  return undefined;
}
