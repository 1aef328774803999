import { looksSecret, parseEnvFile } from "@cloudsmith/contracts";
import { readPlatformFiles } from "../platform-files/platform-files.ts";
import { joinPath, SourceTree } from "./source-tree.ts";

/** A variable that a repository says it needs. */
export interface WantedVariable {
  readonly name: string;
  /** The file that names it. */
  readonly file: string;
  /** What the file has as its value; null where there is none or it may be a secret. */
  readonly example: string | null;
  /** What the file tells about it. */
  readonly note: string | null;
}

const exampleFiles = [".env.example", ".env.sample", ".env.template", ".env.dist"];
/** Set by CloudSmith, whatever a file says. */
const ours: ReadonlySet<string> = new Set(["PORT", "NODE_ENV", "HOST"]);

/** Variables that an example file or another platform's file in the app's folder names, once each. */
export function wantedVariables(tree: SourceTree, dir: string): WantedVariable[] {
  const file = exampleFiles.find((name) => tree.isFile(joinPath(dir, name)));
  const text = file === undefined ? undefined : tree.text(joinPath(dir, file));
  const found = new Map<string, WantedVariable>();
  if (file !== undefined && text !== undefined)
    for (const { name, value, comment } of parseEnvFile(text).entries)
      found.set(name, { name, file, example: shown(name, value), note: comment });
  for (const { name, file: platformFile } of readPlatformFiles(tree, dir).expects)
    if (!found.has(name)) found.set(name, { name, file: platformFile, example: null, note: null });
  return [...found.values()].filter(({ name }) => /^[A-Za-z_]\w*$/.test(name) && !ours.has(name));
}

/** The same for an unpacked source. */
export function wantedVariablesOf(root: string, dir: string): WantedVariable[] {
  return wantedVariables(new SourceTree(root), dir);
}

function shown(name: string, value: string): string | null {
  return value === "" || looksSecret(name, value) ? null : value;
}
