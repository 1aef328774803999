import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, normalize, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { CloudSmithError } from "@cloudsmith/contracts";
import type { FetchableSource } from "./take-source.ts";

const shortName = /^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/;
const scpLike = /^(?:([A-Za-z0-9_][A-Za-z0-9._-]*)@)([A-Za-z0-9][A-Za-z0-9.-]*):(?!\/\/)([^\s].*)$/;
const allowedSchemes = new Set(["https:", "http:", "ssh:", "file:", "git:"]);

/**
 * Reads what a person typed as a source: a folder, a Git URL (https, ssh, `git@host:path`, file) or `owner/repo` on GitHub, each with `#branch|tag|commit`.
 * `owner/repo` is a folder where one of that name exists. Throws `invalid-input` or `git-protocol-refused`, both with a fix.
 */
export async function parseSource(
  text: string,
  options: { readonly cwd: string; readonly dir?: string },
): Promise<FetchableSource> {
  const dir = parseDir(options.dir ?? "");
  const trimmed = text.trim();
  if (trimmed === "") throw invalid("No source was given", "Name a folder, a Git URL or owner/repo");
  if (/[\0-\x1f]/.test(trimmed)) throw invalid("The source has control characters in it", "Type it again");
  if (/^[A-Za-z][A-Za-z0-9+.-]*::/.test(trimmed)) throw protocolRefused(trimmed.slice(0, trimmed.indexOf("::") + 2));
  const [address, ref] = splitRef(trimmed);
  if (/^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(address)) return { type: "git", url: checkUrl(address), ref, dir };
  const folder = await findFolder(trimmed, options.cwd);
  if (folder !== undefined) return { type: "folder", path: folder, dir };
  const folderWithRef = ref === null ? undefined : await findFolder(address, options.cwd);
  // A folder with a ref means its repository at that commit, not its files as they are.
  if (folderWithRef !== undefined) return { type: "git", url: `file://${folderWithRef}`, ref, dir };
  const scp = scpLike.exec(address);
  if (scp !== null) return { type: "git", url: checkScp(address, scp[3] ?? ""), ref, dir };
  if (shortName.test(address))
    return { type: "git", url: `https://github.com/${address.replace(/\.git$/, "")}.git`, ref, dir };
  throw notFound(trimmed, options.cwd);
}

/** A sub-directory as a POSIX path without `.`; throws `invalid-input` where it is absolute or climbs. */
export function parseDir(dir: string): string {
  const clean = normalize(dir.replaceAll("\\", "/"))
    .split(sep)
    .join("/")
    .replace(/^\.\/|\/+$/g, "");
  if (clean === "." || clean === "") return "";
  if (clean.startsWith("/") || clean === ".." || clean.startsWith("../") || /[\0-\x1f]/.test(clean)) {
    throw invalid(
      `The folder ${JSON.stringify(dir)} is not inside the source`,
      "Give --dir as a path relative to the source's root",
    );
  }
  return clean;
}

/** Throws where a ref could be read as an option or is no legal ref name (git-check-ref-format). */
export function checkRef(ref: string): string {
  if (
    ref === "" ||
    ref.startsWith("-") ||
    ref.length > 250 ||
    /[\0-\x20~^:?*[\\\x7f]|\.\.|@\{|\/\/|\/$|\.lock$|^\/|\.$/.test(ref)
  ) {
    throw invalid(
      `${JSON.stringify(ref)} is not the name of a branch, a tag or a commit`,
      "Write it as source#branch, source#tag or source#commit",
    );
  }
  return ref;
}

/** Throws `git-protocol-refused` or `invalid-input` where a URL is none that Git may be given. */
export function checkUrl(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw invalid(`${JSON.stringify(address)} is not a URL`, "Write it like https://github.com/owner/repo");
  }
  if (!allowedSchemes.has(url.protocol)) throw protocolRefused(url.protocol);
  if (url.protocol !== "file:" && !/^[A-Za-z0-9[]/.test(url.hostname))
    throw invalid(`${JSON.stringify(address)} has no host`, "Write it like https://github.com/owner/repo");
  if (url.protocol === "file:") {
    if (url.hostname !== "" && url.hostname !== "localhost")
      throw invalid("A file URL cannot name another computer", "Use ssh:// or https://");
    fileURLToPath(new URL(url.pathname, "file:///"));
  }
  if (url.pathname.startsWith("/-") || url.username.startsWith("-"))
    throw invalid(`${JSON.stringify(address)} could be read as an option`, "Check the address");
  if (url.password !== "")
    throw invalid(
      "A password or token in the URL would end up in logs",
      "Leave it out: your Git credentials are used, or give a token with --git-token-env",
    );
  return address;
}

function checkScp(address: string, path: string): string {
  if (path.startsWith("-")) throw invalid(`${JSON.stringify(address)} could be read as an option`, "Check the address");
  return address;
}

function splitRef(text: string): [string, string | null] {
  const hash = text.lastIndexOf("#");
  return hash === -1 ? [text, null] : [text.slice(0, hash), checkRef(text.slice(hash + 1))];
}

async function findFolder(text: string, cwd: string): Promise<string | undefined> {
  const path = text === "~" || text.startsWith("~/") ? join(homedir(), text.slice(1)) : resolve(cwd, text);
  try {
    return (await stat(path)).isDirectory() ? path : undefined;
  } catch {
    return undefined;
  }
}

function notFound(text: string, cwd: string): CloudSmithError {
  const path = isAbsolute(text) ? text : resolve(cwd, text);
  return new CloudSmithError("invalid-input", `There is no source ${JSON.stringify(text)}`, {
    why: `No folder ${path} exists, and it is neither a Git URL nor owner/repo`,
    fix: "Give a folder that exists, https://host/owner/repo, git@host:owner/repo or owner/repo",
  });
}

function protocolRefused(scheme: string): CloudSmithError {
  return new CloudSmithError("git-protocol-refused", `Git addresses that begin with ${scheme} are refused`, {
    why: "Such transports can run commands or are not made for fetching sources",
    fix: "Use https://, ssh:// or file://",
  });
}

function invalid(message: string, fix: string): CloudSmithError {
  return new CloudSmithError("invalid-input", message, { fix });
}
