import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CloudSmithError } from "@cloudsmith/contracts";
import ignore, { type Ignore } from "ignore";
import { runGit } from "./run-git.ts";
import { isEnvFile, isNeverTaken } from "./skipped.ts";

export interface FolderList {
  /** Sorted POSIX paths of files and links. */
  readonly paths: readonly string[];
  /** Environment files that were left out. */
  readonly envFiles: readonly string[];
  /** Data folders of CloudSmith that were left out: they hold its token, its secrets and their key. */
  readonly dataFolders: readonly string[];
}

/** The files of a folder that belong to its source: what Git would take, where Git knows the folder, else by its `.gitignore` files. */
export async function listFolder(
  root: string,
  options: { readonly includeEnvFiles: boolean; readonly signal: AbortSignal },
): Promise<FolderList> {
  const all = (await listByGit(root, options.signal)) ?? listByRules(root);
  const wanted = options.includeEnvFiles ? withIgnoredEnvFiles(root, all) : all;
  if (isDataFolder(root))
    throw new CloudSmithError("source-not-found", `${root} is the data folder of CloudSmith`, {
      fix: "Deploy the folder of an app",
    });
  const dataFolders = dataFoldersOf(root, wanted);
  const isOwn = (path: string): boolean => dataFolders.some((folder) => path.startsWith(`${folder}/`));
  const paths = wanted.filter((path) => !isNeverTaken(path) && !isOwn(path));
  const envFiles = paths.filter(isEnvFile);
  const kept = options.includeEnvFiles ? paths : paths.filter((path) => !isEnvFile(path));
  return { paths: kept.toSorted(byCodeUnits), envFiles, dataFolders };
}

/** The file by which a data folder is known: every one has it from its first start on. */
const dataFolderMark = "agent.lock";

function isDataFolder(folder: string): boolean {
  return existsSync(join(folder, dataFolderMark)) && existsSync(join(folder, "cloudsmith.db"));
}

/** Data folders among the folders of some paths, of whatever installation. */
function dataFoldersOf(root: string, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (path !== dataFolderMark && !path.endsWith(`/${dataFolderMark}`)) return [];
    const folder = dirname(path);
    return isDataFolder(join(root, folder)) ? [folder] : [];
  });
}

/** Environment files are nearly always ignored; asked for, those at the top are taken nevertheless. */
function withIgnoredEnvFiles(root: string, paths: readonly string[]): readonly string[] {
  return [...new Set([...paths, ...readdirSync(root).filter(isEnvFile)])];
}

async function listByGit(root: string, signal: AbortSignal): Promise<string[] | undefined> {
  if (!insideWorkTree(root)) return undefined;
  const listed = await runGit(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "."], {
    cwd: root,
    signal,
    seconds: 60,
    trustFolder: root,
  });
  if (listed.code !== 0) return undefined;
  const paths = listed.stdout.split("\0").filter((path) => path !== "");
  // A path that ends with a slash is a repository inside this one; Git does not look into it.
  return paths.flatMap((path) =>
    path.endsWith("/") || isFolder(root, path)
      ? nested(root, path.replace(/\/$/, ""))
      : existsAsItself(root, path)
        ? [path]
        : [],
  );
}

function nested(root: string, path: string): string[] {
  return listByRules(join(root, path)).map((below) => `${path}/${below}`);
}

function insideWorkTree(root: string): boolean {
  for (let folder = root; ; folder = join(folder, "..")) {
    if (existsSync(join(folder, ".git"))) return true;
    if (folder === join(folder, "..")) return false;
  }
}

function isFolder(root: string, path: string): boolean {
  return lstatSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** A file that the index knows may be deleted, and Git still lists it. */
function existsAsItself(root: string, path: string): boolean {
  return lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
}

interface Rules {
  readonly base: string;
  readonly rules: Ignore;
}

function listByRules(root: string): string[] {
  return [...walkByRules(root, "", [])];
}

function* walkByRules(root: string, below: string, outer: readonly Rules[]): Generator<string> {
  const file = join(root, below, ".gitignore");
  const own =
    lstatSync(file, { throwIfNoEntry: false })?.isFile() === true
      ? [{ base: below, rules: ignore().add(readFileSync(file, "utf8")) }]
      : [];
  const rules = [...outer, ...own];
  for (const item of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === "" ? item.name : `${below}/${item.name}`;
    if (isNeverTaken(item.name) || isIgnored(item.isDirectory() ? `${path}/` : path, rules)) continue;
    if (item.isDirectory()) yield* walkByRules(root, path, rules);
    else yield path;
  }
}

/** The deepest `.gitignore` that says anything about a path decides (gitignore(5)). */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  for (const { base, rules: own } of rules.toReversed()) {
    const verdict = own.test(base === "" ? path : path.slice(base.length + 1));
    if (verdict.ignored || verdict.unignored) return verdict.ignored;
  }
  return false;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
