import { CredentialId, type SourceRef } from "@cloudsmith/contracts";
import * as z from "zod";

/** A source in the address of a page: short, readable, and safe to share on this computer. */
export const SourceSearch = z.object({
  folder: z.string().optional().catch(undefined),
  git: z.string().optional().catch(undefined),
  /** A repository by GitHub's id; `name` is for people, `account` reads it. */
  github: z.coerce.number().int().positive().optional().catch(undefined),
  server: z.url().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  account: CredentialId.optional().catch(undefined),
  ref: z.coerce.string().optional().catch(undefined),
  dir: z.coerce.string().optional().catch(undefined),
});
export type SourceSearch = z.infer<typeof SourceSearch>;

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
