import { CloudSmithError } from "@cloudsmith/contracts";
import type { FolderList } from "@cloudsmith/contracts/api";
import { readdir, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";

const mostFolders = 1000;
const byName = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/**
 * The folders in a folder at or below `top`, by name; hidden ones and links are left out. A path that leaves `top`, also through a link, answers
 * as one that is not there.
 */
export async function browseFolders(top: string, wanted: string | undefined): Promise<FolderList> {
  const root = await realpath(top);
  const path = await insideOf(root, wanted ?? root);
  const items = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    throw new CloudSmithError("not-found", `The folder ${path} cannot be read`, {
      why: cause instanceof Error ? cause.message : undefined,
      fix: "Choose another folder, or allow this user to read it",
      cause,
    });
  });
  const names = items
    .filter((item) => item.isDirectory() && !item.name.startsWith("."))
    .map((item) => item.name)
    .toSorted(byName.compare);
  return {
    path,
    parent: path === root ? null : dirname(path),
    trail: trailOf(root, path),
    folders: names.slice(0, mostFolders).map((name) => ({ name, path: join(path, name) })),
    truncated: names.length > mostFolders,
  };
}

async function insideOf(root: string, wanted: string): Promise<string> {
  const path = isAbsolute(wanted) ? await realpath(wanted).catch(() => undefined) : undefined;
  if (path !== undefined && isInside(root, path)) return path;
  throw new CloudSmithError("not-found", `There is no folder ${wanted} to choose from`, {
    why: "Folders are listed below your home folder only, and links are not followed out of it",
    fix: "Type the path of a folder elsewhere",
  });
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  const hidden = way.split(sep).some((part) => part.startsWith(".") && part !== "");
  return way === "" || (!isAbsolute(way) && !hidden);
}

function trailOf(root: string, path: string): FolderList["trail"] {
  const parts = relative(root, path)
    .split(sep)
    .filter((part) => part !== "");
  return [
    { name: basename(root) || root, path: root },
    ...parts.map((name, index) => ({ name, path: join(root, ...parts.slice(0, index + 1)) })),
  ];
}
