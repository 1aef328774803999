import { statSync } from "node:fs";
import { resolve } from "node:path";
import { linksIn } from "./deep-link.ts";

/** What a start of the app, also a second one, was asked for. */
export interface Start {
  readonly links: readonly string[];
  /** A folder to deploy, given as an argument or dropped on the icon. */
  readonly folder: string | undefined;
}

/** Reads the arguments of a start. From a checkout the app's own folder is among them, which nobody wants to deploy by that. */
export function readStart(argv: readonly string[], workingFolder: string, appPath: string): Start {
  const own = argv.slice(1).filter((arg) => !arg.startsWith("-"));
  const links = linksIn(own);
  const folder = own
    .filter((arg) => !links.includes(arg))
    .map((arg) => resolve(workingFolder, arg))
    .find((path) => path !== resolve(appPath) && isFolder(path));
  return { links, folder };
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
