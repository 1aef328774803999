import { CloudSmithError, type SourceRef } from "@cloudsmith/contracts";
import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

export interface SourceOptions {
  /** Sub-folder that holds the app. */
  readonly dir?: string | undefined;
  readonly includeEnvFiles?: boolean | undefined;
  /** Folder that relative paths are meant from. */
  readonly from?: string;
}

/**
 * A source as people type it: a folder, a Git URL (https, ssh, file, `user@host:path`) or `owner/repo` on GitHub, each with
 * `#branch|tag|commit`. An existing folder wins over `owner/repo`; a folder with `#ref` is read as the Git repository it is.
 */
export function parseSource(
  text: string,
  { dir = "", includeEnvFiles, from = process.cwd() }: SourceOptions = {},
): SourceRef {
  const [place, ref] = splitRef(text);
  // What an unset variable of a script leaves: the folder one happens to stand in is not what was meant.
  if (place.trim() === "") {
    throw new CloudSmithError("invalid-input", "No source was given", {
      fix: 'Give a folder ("." for this one), a Git URL or owner/repo',
    });
  }
  const cleanDir = dir
    .replaceAll("\\", "/")
    .replace(/^\.?\/+|\/+$/g, "")
    .replace(/^\.$/, "");
  const git = (url: string): SourceRef => ({ type: "git", url, ref: ref ?? null, dir: cleanDir });
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(place) || /^[\w.-]+@[\w.-]+:/.test(place)) return git(place);
  const path = resolve(from, place.replace(/^~(?=$|[/\\])/, homedir()));
  if (isFolder(path)) {
    if (ref !== undefined) return git(pathToFileURL(path).href);
    return { type: "folder", path, dir: cleanDir, ...(includeEnvFiles === true && { includeEnvFiles }) };
  }
  if (/^[A-Za-z0-9][\w-]*\/[\w.-]+$/.test(place)) return git(`https://github.com/${place.replace(/\.git$/, "")}.git`);
  throw new CloudSmithError("invalid-input", `There is no folder ${path}`, {
    why: `"${text}" is neither a folder, nor a Git URL, nor owner/repo`,
    fix: "Give a folder, a URL such as https://github.com/owner/repo, or owner/repo; each may end with #branch",
  });
}

function splitRef(text: string): [string, string | undefined] {
  const at = text.indexOf("#");
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Whether a folder lies in the folder of a source, so that commands can be used without naming the project. */
export function coversFolder(source: SourceRef, folder: string): boolean {
  if (source.type !== "folder") return false;
  const root = join(source.path, source.dir);
  return folder === root || folder.startsWith(root.endsWith("/") ? root : `${root}/`);
}
