import { lstatSync, readdirSync, readlinkSync, type Dirent } from "node:fs";
import { isAbsolute, join, posix, relative, sep } from "node:path";
import type { PackEntry } from "./pack.ts";

export interface WalkOptions {
  /** Leaves out the entry (and everything below it) at this POSIX path. */
  readonly skip?: (path: string, isFolder: boolean) => boolean;
  /** Called for what cannot be taken: sockets, devices, links that leave the folder. */
  readonly note?: (message: string) => void;
  /** The folder is the root of a system: what a link names absolutely is below it. */
  readonly rootLinks?: boolean;
}

/** All entries below `root` in one fixed order (by code units, folders before what is in them). */
export function* walkTree(root: string, options: WalkOptions = {}, below = ""): Generator<PackEntry> {
  const folder = below === "" ? root : join(root, below);
  const items = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const item of items) {
    const path = below === "" ? item.name : `${below}/${item.name}`;
    if (options.skip?.(path, item.isDirectory()) === true) continue;
    const entry = entryOf({ root, path, from: `${folder}${sep}${item.name}` }, item, options);
    if (entry !== undefined) yield entry;
    if (item.isDirectory()) yield* walkTree(root, options, path);
  }
}

/** The entry at a path, or undefined (after a note) where it is nothing that an archive may hold. */
export function entryAt(
  root: string,
  path: string,
  options: Pick<WalkOptions, "note" | "rootLinks"> = {},
): PackEntry | undefined {
  return entryOf({ root, path, from: join(root, path) }, undefined, options);
}

function entryOf(
  { root, path, from }: { readonly root: string; readonly path: string; readonly from: string },
  item: Dirent | undefined,
  { note, rootLinks = false }: Pick<WalkOptions, "note" | "rootLinks">,
): PackEntry | undefined {
  if (item?.isDirectory() === true) return { type: "directory", path };
  const stat = lstatSync(from);
  if (stat.isFile()) return { type: "file", path, size: stat.size, executable: (stat.mode & 0o111) !== 0, from };
  if (stat.isDirectory()) return { type: "directory", path };
  if (stat.isSymbolicLink()) {
    const link = readlinkSync(from);
    const target = innerTarget(root, path, rootLinks && isAbsolute(link) ? join(root, link) : link);
    if (target !== undefined) return { type: "symlink", path, target };
    note?.(`${path} is a link that leaves the folder; it was left out`);
    return undefined;
  }
  note?.(`${path} is a socket, pipe or device; it was left out`);
  return undefined;
}

/** The link's target relative to the link, or undefined where it leaves `root`. An absolute target inside becomes relative. */
export function innerTarget(root: string, path: string, target: string): string | undefined {
  const fromLink = isAbsolute(target)
    ? relative(join(root, path, ".."), target)
        .split(sep)
        .join("/")
    : target.split(sep).join("/");
  const landing = posix.normalize(posix.join(posix.dirname(path), fromLink));
  return landing === ".." || landing.startsWith("../") || fromLink === "" ? undefined : fromLink;
}
