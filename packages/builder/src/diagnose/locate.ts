const position =
  /(?:^|[\s("'`[>])(?<file>(?:file:\/\/)?(?:[\w@.+\-/\\]|\([\w-]+\)\/|\[[\w.-]+\])+\.(?:[cm]?[jt]sx?|vue|svelte|astro|py|go|rs|java|kt|rb|php|s?css|sass|less|json|html|prisma|toml|c|cc|cpp|h))(?::|[([])(?<line>\d+)/;
const pythonFrame = /^\s*File "(?<file>[^"]+)", line (?<line>\d+)/;
const notOurs =
  /node_modules|site-packages|dist-packages|node:|<frozen|\/lib\/python|\.cargo\/registry|\/pkg\/mod\/|\/rustc\/|\/usr\/(?:lib|local)|library\/(?:std|core)/;
/** Linters write the file once and below it `line:column  message`. */
const headingOnly = /^\S+\.(?:[cm]?[jt]sx?|vue|svelte|astro|s?css|json)$/;
const nearby = 14;

/** The file and line of the app's own code that stands at or near a line of the log, as `src/app.ts:12`. */
export function locate(
  lines: readonly string[],
  line: number,
  direction: "near" | "above",
  root: string | undefined,
): string | undefined {
  const above = lines.slice(Math.max(0, line - nearby), line).toReversed();
  const below = lines.slice(line + 1, line + 1 + nearby);
  const listed = /^\s*(\d+):\d+\s/.exec(lines[line] ?? "")?.[1];
  const heading = listed === undefined ? undefined : above.find((text) => headingOnly.test(text));
  if (heading !== undefined) return `${shortPath(heading.trim(), root)}:${listed ?? ""}`;
  const order = [lines[line] ?? "", ...(direction === "above" ? above : [...untilBlank(below), ...above])];
  for (const text of order) {
    const found = pythonFrame.exec(text)?.groups ?? position.exec(text)?.groups;
    const file = found?.["file"];
    if (file !== undefined && !notOurs.test(text)) return `${shortPath(file, root)}:${found?.["line"] ?? ""}`;
  }
  return undefined;
}

/** What follows belongs to the line up to the second blank one. */
function untilBlank(lines: readonly string[]): readonly string[] {
  const blanks = lines.flatMap((text, line) => (text.trim() === "" ? [line] : []));
  return blanks[1] === undefined ? lines : lines.slice(0, blanks[1]);
}

/** A path as the repository has it: without the folder that the build or the release happens to be in. */
export function shortPath(path: string, root: string | undefined): string {
  const plain = path.replace(/^file:\/\//, "");
  if (root !== undefined && plain.startsWith(`${root}/`)) return plain.slice(root.length + 1);
  if (!plain.startsWith("/")) return plain.replace(/^\.\//, "");
  const inBuild = /\/build-[0-9a-f-]{36}\/source\/(.+)$/.exec(plain)?.[1];
  return inBuild ?? plain.split("/").slice(-3).join("/");
}
