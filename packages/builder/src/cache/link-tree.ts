import {
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";

export interface LinkOptions {
  readonly signal: AbortSignal;
  /** Entries left out, by their path below the root. */
  readonly skip?: (path: string) => boolean;
  /** Files that tools write in place: copied instead of linked, so that the other tree keeps its own. */
  readonly copy?: (path: string) => boolean;
}

/** Size and time of last change of each linked file, by its path: a file that was written in place differs. */
export type TreeIndex = Record<string, readonly [bytes: number, changed: number]>;

const batch = 400;

/**
 * Makes `to` a twin of `from` by hard links (copies on another disk): a fraction of a second for a big node_modules. Gives the index of the files.
 * Where an index is given, a file that differs from it ends the work with `false`.
 */
export async function linkTree(
  from: string,
  to: string,
  options: LinkOptions,
  expected?: TreeIndex,
): Promise<TreeIndex | false> {
  const index: TreeIndex = {};
  let done = 0;
  const queue = [""];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    mkdirSync(join(to, folder), { recursive: true });
    for (const item of readdirSync(join(from, folder), { withFileTypes: true })) {
      const path = folder === "" ? item.name : `${folder}/${item.name}`;
      if (options.skip?.(path) === true) continue;
      done += 1;
      if (done % batch === 0) {
        options.signal.throwIfAborted();
        await setImmediate();
      }
      if (item.isDirectory()) queue.push(path);
      else if (item.isSymbolicLink()) symlinkSync(readlinkSync(join(from, path)), join(to, path));
      else if (item.isFile()) {
        const stat = lstatSync(join(from, path));
        const known = expected?.[path];
        if (expected !== undefined && (known === undefined || known[0] !== stat.size || known[1] !== stat.mtimeMs))
          return false;
        index[path] = [stat.size, stat.mtimeMs];
        place(join(from, path), join(to, path), options.copy?.(path) === true);
      }
    }
  }
  return index;
}

function place(from: string, to: string, copied: boolean): void {
  if (!copied) {
    try {
      linkSync(from, to);
      return;
    } catch {
      // Another disk, or a file system without links: a copy does it.
    }
  }
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
}
