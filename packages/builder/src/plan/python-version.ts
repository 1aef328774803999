import { parse as parseToml } from "smol-toml";
import { intersects } from "semver";
import * as z from "zod";
import { boundByPins } from "./python-pins.ts";
import { joinPath, type SourceTree } from "./source-tree.ts";

interface Asked {
  /** A semver range. */
  readonly range: string;
  readonly because: string;
}

/** Newer interpreters than this are not chosen for an open range: packages with native parts lag behind. */
const tested = "<3.14";

/**
 * The Python that the app asks for, by the files that say so, surest first. Where they leave several, pins to old releases (`requirements`) say how new it may be:
 * old releases have no files for newer interpreters, or use what these dropped.
 */
export function choosePython(tree: SourceTree, dir: string, requirements: readonly string[]): Asked {
  for (const folder of dir === "" ? [""] : [dir, ""]) {
    const exact = exactFiles(tree, folder);
    if (exact !== undefined) return exact;
    const found = declared(tree, folder);
    if (found !== undefined) return withPins(found, requirements);
  }
  return withPins(
    { range: `>=3.9 ${tested}`, because: "nothing says which Python; a current one is used" },
    requirements,
  );
}

function withPins(asked: Asked, requirements: readonly string[]): Asked {
  const bound = boundByPins(requirements);
  if (bound === undefined || asked.range.startsWith("~")) return asked;
  const isOpen = asked.range === `>=3.9 ${tested}`;
  const range = isOpen ? `>=3.4 <3.${bound.below}` : `${asked.range.replace(tested, "").trim()} <3.${bound.below}`;
  return intersects(asked.range, range) || isOpen ? { range, because: bound.because } : asked;
}

function exactFiles(tree: SourceTree, folder: string): Asked | undefined {
  const first = (name: string): string | undefined =>
    tree
      .text(joinPath(folder, name))
      ?.split(/\r?\n/)
      .find((each) => /^\s*[^#\s]/.test(each))
      ?.trim()
      .split(/\s/)[0];
  const version = first(".python-version")?.replace(/^python-?|^cpython-?/, "");
  if (version !== undefined && /^\d+(\.\d+)*$/.test(version)) return line(version, ".python-version");
  const runtime = /python-(\d+\.\d+(\.\d+)?)/.exec(first("runtime.txt") ?? "")?.[1];
  if (runtime !== undefined) return line(runtime, "runtime.txt");
  const tools = /^python\s+(\d+\.\d+(\.\d+)?)/m.exec(tree.text(joinPath(folder, ".tool-versions")) ?? "")?.[1];
  if (tools !== undefined) return line(tools, ".tool-versions");
  const mise = /^\s*python\s*=\s*["'](\d+(?:\.\d+){0,2})["']/m.exec(
    tree.text(joinPath(folder, "mise.toml")) ?? tree.text(joinPath(folder, ".mise.toml")) ?? "",
  )?.[1];
  return mise === undefined ? undefined : line(mise, "mise.toml");
}

/** The minor line of a version: a machine rarely has the very patch, and patches do not change what runs. */
function line(version: string, file: string): Asked {
  const [major = "3", minor] = version.split(".");
  return { range: minor === undefined ? `${major}.x` : `~${major}.${minor}.0`, because: `${file} asks for ${version}` };
}

const Requires = z.object({
  project: z
    .object({ "requires-python": z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  tool: z
    .object({
      poetry: z
        .object({ dependencies: z.object({ python: z.string().optional().catch(undefined) }).optional() })
        .optional(),
    })
    .optional()
    .catch(undefined),
});

function declared(tree: SourceTree, folder: string): Asked | undefined {
  const pipfile = /python_version\s*=\s*["'](\d+(?:\.\d+)*)["']/.exec(
    tree.text(joinPath(folder, "Pipfile")) ?? "",
  )?.[1];
  if (pipfile !== undefined) return line(pipfile, "Pipfile");
  let parsed: z.infer<typeof Requires>;
  try {
    parsed = Requires.parse(parseToml(tree.text(joinPath(folder, "pyproject.toml")) ?? ""));
  } catch {
    return undefined;
  }
  const wish = parsed.project?.["requires-python"] ?? parsed.tool?.poetry?.dependencies?.python;
  const range = wish === undefined ? undefined : semverRange(wish);
  return range === undefined ? undefined : { range, because: `pyproject.toml asks for ${wish}` };
}

/** A PEP 440 or Poetry range as semver has it; undefined for one with no counterpart. */
export function semverRange(wish: string): string | undefined {
  const parts = wish
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && !part.startsWith("!="));
  const mapped = parts.map((part) => {
    const match = /^(>=|<=|>|<|==|~=|\^|~)?\s*(\d+)(?:\.(\d+|\*))?(?:\.(\d+|\*))?/.exec(part);
    if (match === null) return undefined;
    const [, operator = "==", major, minor, patch] = match;
    const version = [major, minor === "*" ? undefined : minor, patch === "*" ? undefined : patch]
      .filter((each) => each !== undefined)
      .join(".");
    if (operator === "~=") return `^${major}.${minor ?? 0}.0`;
    if (operator === "==") return minor === undefined || minor === "*" ? `${major}.x` : `~${major}.${minor}.0`;
    return `${operator}${version}`;
  });
  if (mapped.length === 0 || mapped.includes(undefined)) return undefined;
  const range = mapped.join(" ");
  return /[<~^]|x/.test(range) ? range : `${range} ${tested}`;
}
