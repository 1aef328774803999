import { statSync } from "node:fs";
import { resolve } from "node:path";
import { linksIn } from "./deep-link.ts";

/** What a start of the app, also a second one, was asked for. */
export interface Start {
  readonly links: readonly string[];
  /** A folder to deploy, given as an argument or dropped on the icon. */
  readonly folder: string | undefined;
}

/** Reads the arguments of a start; the first is the program, and from a checkout the second is the app. */
export function readStart(argv: readonly string[], workingFolder: string, packaged: boolean): Start {
  const own = argv.slice(packaged ? 1 : 2).filter((arg) => !arg.startsWith("-"));
  const links = linksIn(own);
  const folder = own
    .filter((arg) => !links.includes(arg))
    .map((arg) => resolve(workingFolder, arg))
    .find(isFolder);
  return { links, folder };
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
