import { joinPath, type SourceTree } from "./source-tree.ts";

export interface VersionSources {
  /** The tool's name in `.tool-versions` and `mise.toml`. */
  readonly name: string;
  /** Files that hold the version and nothing else. */
  readonly files: readonly string[];
  /** What the tool's own file says, and how that file is called in a reason. */
  readonly fallback: string | undefined;
  readonly source: string;
}

export interface ToolVersion {
  /** The version as it is written, digits only: `3.1.2` or `17`. */
  readonly version: string;
  /** The minor line of it: a machine rarely has the very patch. */
  readonly range: string;
  readonly because: string;
}

/** The version of a tool that an app asks for: by a file of its own, by asdf or mise, or by the tool's manifest; the app's folder before the root. */
export function toolVersion(tree: SourceTree, dir: string, sources: VersionSources): ToolVersion | undefined {
  for (const folder of dir === "" ? [""] : [dir, ""]) {
    for (const [file, pattern] of filesOf(sources)) {
      const version = pattern.exec(tree.text(joinPath(folder, file)) ?? "")?.[1];
      if (version !== undefined) return line(version, file);
    }
    if (folder === dir && sources.fallback !== undefined) return line(sources.fallback, sources.source);
  }
  return undefined;
}

function filesOf({ name, files }: VersionSources): [string, RegExp][] {
  const mise = new RegExp(`^\\s*"?${name}"?\\s*=\\s*["'](?:[a-z-]*)(\\d+(?:\\.\\d+){0,2})`, "m");
  return [
    ...files.map((file): [string, RegExp] => [file, /^\s*(?:[a-z-]*)(\d+(?:\.\d+){0,2})/]),
    [".tool-versions", new RegExp(`^${name}\\s+(?:[a-z-]*)(\\d+(?:\\.\\d+){0,2})`, "m")],
    ["mise.toml", mise],
    [".mise.toml", mise],
  ];
}

function line(version: string, file: string): ToolVersion {
  const [major = "", minor] = version.split(".");
  const range = minor === undefined ? `${major}.x` : `~${major}.${minor}.0`;
  return { version, range, because: `${file} asks for ${version}` };
}
