import { joinPath, type SourceTree } from "./source-tree.ts";

/** Processes of a Procfile by their names: https://devcenter.heroku.com/articles/procfile */
export function readProcfile(tree: SourceTree, dir: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of (tree.text(joinPath(dir, "Procfile")) ?? "").split(/\r?\n/)) {
    const match = /^([A-Za-z0-9_-]+):\s*(.+)$/.exec(line.trim());
    if (match?.[1] !== undefined && match[2] !== undefined) found.set(match[1], match[2].trim());
  }
  return found;
}
