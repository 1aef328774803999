import { readdirSync, readFileSync, realpathSync, statSync, type Dirent } from "node:fs";
import { join, posix, sep } from "node:path";
import * as z from "zod";

const textLimit = 4 * 1024 * 1024;
const listLimit = 20_000;

/**
 * Reads a source below one folder: never outside of it (links included), never more than 4 MiB of a file, and nothing throws. Paths are POSIX and relative to the root.
 */
export class SourceTree {
  readonly #root: string;
  readonly #texts = new Map<string, string | undefined>();
  readonly #lists = new Map<string, readonly Dirent[]>();
  readonly #entries = new Map<string, ReadonlyMap<string, Dirent>>();
  readonly #places = new Map<string, string | undefined>();

  constructor(root: string) {
    this.#root = realpathSync.native(root);
  }

  /** The file's text, or undefined where it is missing, too large or outside. */
  text(path: string): string | undefined {
    // Most of what a planner asks for is not there: that is answered before anything is kept of it.
    const clean = cleaned(path);
    if (clean === undefined || this.#entry(clean) === undefined) return undefined;
    const known = this.#texts.get(clean);
    if (known !== undefined || this.#texts.has(clean)) return known;
    const text = this.#read(clean);
    this.#texts.set(clean, text);
    return text;
  }

  /** The file's JSON (comments and trailing commas allowed), or undefined. */
  json(path: string): unknown {
    const text = this.text(path);
    return text === undefined ? undefined : parseJson(text);
  }

  isFile(path: string): boolean {
    return this.#kind(path) === "file";
  }

  isFolder(path: string): boolean {
    return this.#kind(path) === "folder";
  }

  /** Names in a folder, sorted; folders end with a slash. */
  names(folder: string): readonly string[] {
    return this.#list(folder).map((item) => (item.isDirectory() ? `${item.name}/` : item.name));
  }

  /** The first of the paths that is a file. */
  firstFile(paths: readonly string[]): string | undefined {
    return paths.find((path) => this.isFile(path));
  }

  /** Files below a folder whose path matches, breadth first; at most `limit`, at most `depth` folders down; hidden and dependency folders are left out. */
  find(folder: string, pattern: RegExp, options: { readonly depth: number; readonly limit: number }): string[] {
    const found: string[] = [];
    let level = [folder];
    let visited = 0;
    for (let depth = 0; depth <= options.depth && level.length > 0; depth += 1) {
      const next: string[] = [];
      for (const current of level) {
        for (const item of this.#list(current)) {
          visited += 1;
          const path = current === "" ? item.name : `${current}/${item.name}`;
          if (visited > listLimit || found.length >= options.limit) return found;
          if (item.isDirectory()) {
            if (!skippedFolders.test(item.name)) next.push(path);
          } else if (pattern.test(path)) found.push(path);
        }
      }
      level = next;
    }
    return found;
  }

  #read(path: string): string | undefined {
    const real = this.#resolve(path);
    if (real === undefined) return undefined;
    try {
      const stat = statSync(real);
      return stat.isFile() && stat.size <= textLimit ? readFileSync(real, "utf8").replace(/^\uFEFF/, "") : undefined;
    } catch {
      // Unreadable is as good as missing to a planner.
      return undefined;
    }
  }

  #kind(path: string): "file" | "folder" | undefined {
    const clean = cleaned(path);
    if (clean === undefined) return undefined;
    if (clean === "") return "folder";
    const entry = this.#entry(clean);
    if (entry?.isSymbolicLink() !== true)
      return entry?.isFile() === true ? "file" : entry?.isDirectory() === true ? "folder" : undefined;
    const real = this.#resolve(clean);
    const stat = real === undefined ? undefined : statSync(real, { throwIfNoEntry: false });
    return stat?.isFile() === true ? "file" : stat?.isDirectory() === true ? "folder" : undefined;
  }

  /** What the list of its folder says of a path: folders are listed once, and most of what a planner asks for is not there. */
  #entry(path: string): Dirent | undefined {
    const folder = parentOf(path);
    let entries = this.#entries.get(folder);
    if (entries === undefined) {
      entries = new Map(this.#list(folder).map((item) => [item.name, item]));
      this.#entries.set(folder, entries);
    }
    return entries.size === 0 ? undefined : entries.get(path.slice(folder === "" ? 0 : folder.length + 1));
  }

  #list(folder: string): readonly Dirent[] {
    const known = this.#lists.get(folder);
    if (known !== undefined) return known;
    let items: Dirent[] = [];
    const real = this.#resolve(folder);
    try {
      if (real !== undefined)
        items = readdirSync(real, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    } catch {
      // A file, or a folder that may not be read: nothing is in it for a planner.
    }
    this.#lists.set(folder, items);
    return items;
  }

  /** The real path where it is inside the root. */
  #resolve(path: string): string | undefined {
    const clean = cleaned(path);
    if (clean === undefined || clean === "") return clean === "" ? this.#root : undefined;
    if (this.#places.has(clean)) return this.#places.get(clean);
    const place = this.#placeOf(clean);
    this.#places.set(clean, place);
    return place;
  }

  #placeOf(path: string): string | undefined {
    const entry = this.#entry(path);
    const folder = entry === undefined ? undefined : this.#resolve(parentOf(path));
    if (entry === undefined || folder === undefined) return undefined;
    const place = join(folder, entry.name);
    if (!entry.isSymbolicLink()) return place;
    try {
      const real = realpathSync.native(place);
      return real === this.#root || real.startsWith(this.#root + sep) ? real : undefined;
    } catch {
      // It leads nowhere, or in a circle.
      return undefined;
    }
  }
}

/** A path below the root in its shortest form, empty for the root; undefined where it leaves the root. */
function cleaned(path: string): string | undefined {
  if (isClean(path)) return path;
  const clean = posix.normalize(path === "" ? "." : path).replace(/\/+$/, "");
  if (clean === ".." || clean.startsWith("../") || path.startsWith("/") || clean.includes("\0")) return undefined;
  return clean === "." ? "" : clean;
}

/** True for a path that normalizing would leave as it is, as nearly all are; planners ask for tens of thousands. */
function isClean(path: string): boolean {
  return !unclean.test(path) && !path.includes("\0");
}

/** An empty part, `.` or `..`. */
const unclean = /(?:^|\/)\.{0,2}(?:\/|$)/;

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

const skippedFolders = /^(\..*|node_modules|vendor|__pycache__|venv|env|site-packages|target|bower_components|Pods)$/;

/** Joins POSIX paths, with an empty string for the root. */
export function joinPath(...parts: readonly string[]): string {
  const named = parts.filter((part) => part !== "");
  if (named.every(isClean)) return named.join("/");
  const joined = posix.join(...named);
  return joined === "." ? "" : joined;
}

/** JSON as people write it in configuration: comments and trailing commas are passed over. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(stripComments(text));
    } catch {
      return undefined;
    }
  }
}

function stripComments(text: string): string {
  return text
    .replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_all, quoted: string | undefined) => quoted ?? "")
    .replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, (_all, quoted: string | undefined) => quoted ?? "");
}

const Strings = z
  .record(z.string(), z.unknown())
  .transform((all) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : [])),
    ),
  );
const stringsOrNone = Strings.catch({});

/** The parts of a package.json that plans are made of; what has another type than expected counts as missing. */
export const PackageJson = z.object({
  name: z.string().optional().catch(undefined),
  main: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  private: z.boolean().optional().catch(undefined),
  homepage: z.string().optional().catch(undefined),
  scripts: stringsOrNone.optional().transform((value) => value ?? {}),
  dependencies: stringsOrNone.optional().transform((value) => value ?? {}),
  devDependencies: stringsOrNone.optional().transform((value) => value ?? {}),
  optionalDependencies: stringsOrNone.optional().transform((value) => value ?? {}),
  engines: stringsOrNone.optional().transform((value) => value ?? {}),
  volta: stringsOrNone.optional().transform((value) => value ?? {}),
  packageManager: z.string().optional().catch(undefined),
  workspaces: z
    .union([z.array(z.string()), z.object({ packages: z.array(z.string()) }).transform((value) => value.packages)])
    .optional()
    .catch(undefined),
  bin: z
    .union([z.string(), z.record(z.string(), z.string())])
    .optional()
    .catch(undefined),
});
export type PackageJson = z.infer<typeof PackageJson>;

/** What is found out about a folder of a source is found out once. */
export function oncePerFolder<T>(
  findOut: (tree: SourceTree, folder: string) => T,
): (tree: SourceTree, folder: string) => T {
  const known = new WeakMap<SourceTree, Map<string, { readonly found: T }>>();
  return (tree, folder) => {
    const byFolder = known.get(tree) ?? new Map<string, { readonly found: T }>();
    known.set(tree, byFolder);
    const before = byFolder.get(folder) ?? { found: findOut(tree, folder) };
    byFolder.set(folder, before);
    return before.found;
  };
}

/** The package.json of a folder, or undefined where there is none that can be read. */
export const packageJson = oncePerFolder((tree, folder): PackageJson | undefined => {
  const parsed = PackageJson.safeParse(tree.json(joinPath(folder, "package.json")));
  return parsed.success ? parsed.data : undefined;
});
