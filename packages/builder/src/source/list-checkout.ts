import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isNeverTaken } from "./skipped.ts";

/** The files of a fresh checkout: all of the commit, since nothing else is there, less what is never taken. */
export function listCheckout(root: string): { paths: string[]; notes: string[] } {
  const left = new Set<string>();
  const paths = [...walk(root, "", left)].toSorted((a, b) => (a < b ? -1 : 1));
  return {
    paths,
    notes:
      left.size === 0
        ? []
        : [`${[...left].join(", ")} in the repository was left out: dependencies are installed anew`],
  };
}

function* walk(root: string, below: string, left: Set<string>): Generator<string> {
  for (const item of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === "" ? item.name : `${below}/${item.name}`;
    if (isNeverTaken(item.name)) {
      if (item.name === "node_modules") left.add(path);
    } else if (item.isDirectory()) yield* walk(root, path, left);
    else yield path;
  }
}
