import { parse as parseToml } from "smol-toml";
import * as z from "zod";
import { joinPath, type SourceTree } from "./source-tree.ts";

/** Where a Python app's packages are listed, and how a list of requirements is made of it. */
export interface PythonDependencies {
  readonly manager: "pip" | "uv" | "poetry" | "pipenv";
  /** The file that decides, relative to the app's folder; null where the app asks for nothing. */
  readonly file: string | null;
  /** Requirements as pip reads them, for a lock or list that pip cannot read itself; undefined where pip reads `file`. */
  readonly requirements: readonly string[] | undefined;
  /** Normalised names (PEP 503) of what is asked for directly. */
  readonly names: ReadonlySet<string>;
  /** Every requirement of the file that decides, and of those that it includes. */
  readonly lines: readonly string[];
  readonly because: string;
  /** The project itself is a package that has to be installed. */
  readonly installSelf: boolean;
}

const requirementFiles = [
  "requirements.txt",
  "requirements/production.txt",
  "requirements/prod.txt",
  "requirements/base.txt",
  "requirements/requirements.txt",
  "requirements-prod.txt",
  "requirements.lock",
];

/** Finds what to install, surest first: a lock, a list of requirements, the project's own declaration. */
export function pythonDependencies(tree: SourceTree, dir: string): PythonDependencies {
  const project = readProject(tree, dir);
  const lock = uvLock(tree, dir) ?? poetryLock(tree, dir) ?? pipfileLock(tree, dir);
  if (lock !== undefined)
    return {
      ...lock,
      names: new Set([...lock.names, ...project.names]),
      lines: lock.requirements ?? [],
      installSelf: project.installSelf,
    };
  const file = requirementFiles.find((name) => tree.isFile(joinPath(dir, name)));
  if (file !== undefined) {
    const lines = requirementLines(tree, joinPath(dir, file));
    return {
      manager: "pip",
      file,
      requirements: undefined,
      names: new Set([...namesOf(lines), ...project.names]),
      lines,
      because: `${file} lists the packages`,
      installSelf: false,
    };
  }
  const pipfile = pipfileList(tree, dir);
  if (pipfile !== undefined) return pipfile;
  if (project.requirements !== undefined) {
    return {
      manager: "pip",
      file: "pyproject.toml",
      requirements: project.requirements,
      names: project.names,
      lines: project.requirements,
      because: "pyproject.toml lists the packages, without a lock",
      installSelf: project.installSelf,
    };
  }
  if (tree.isFile(joinPath(dir, "setup.py")) || tree.isFile(joinPath(dir, "setup.cfg"))) {
    return {
      manager: "pip",
      file: "setup.py",
      requirements: [],
      names: setupNames(tree, dir),
      lines: [],
      because: "setup.py declares the app as a package",
      installSelf: true,
    };
  }
  return {
    manager: "pip",
    file: null,
    requirements: [],
    names: new Set(),
    lines: [],
    because: "nothing asks for packages",
    installSelf: false,
  };
}

/** PEP 503: https://peps.python.org/pep-0503/#normalized-names */
export function normalName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

function nameOf(requirement: string): string | undefined {
  const name = /^\s*([A-Za-z0-9][\w.-]*)/.exec(requirement)?.[1];
  return name === undefined ? undefined : normalName(name);
}

function namesOf(requirements: readonly string[]): Set<string> {
  return new Set(requirements.flatMap((each) => nameOf(each) ?? []));
}

/** Requirements of a file and of those that it includes; one by an address is called as its `egg` says. */
function requirementLines(tree: SourceTree, path: string, depth = 0): string[] {
  return (tree.text(path) ?? "").split(/\r?\n/).flatMap((line): string[] => {
    const text = line.replace(/(^|\s)#.*$/, "").trim();
    const included = /^(?:-r|--requirement)[ =]*(\S+)/.exec(text)?.[1];
    if (included !== undefined)
      return depth < 5 ? requirementLines(tree, joinPath(path, "..", included), depth + 1) : [];
    if (text === "" || text.startsWith("-")) return [];
    return [/#egg=([\w.-]+)/.exec(line)?.[1] ?? text];
  });
}

const Strings = z.array(z.string()).catch([]);
const Project = z.object({
  project: z
    .object({ dependencies: Strings.optional(), "requires-python": z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  "build-system": z.unknown().optional(),
  tool: z
    .object({
      poetry: z
        .object({
          dependencies: z.record(z.string(), z.unknown()).optional(),
          "package-mode": z.boolean().optional().catch(undefined),
        })
        .optional()
        .catch(undefined),
      uv: z
        .object({ package: z.boolean().optional().catch(undefined) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

interface ProjectFile {
  readonly requirements: readonly string[] | undefined;
  readonly names: ReadonlySet<string>;
  readonly installSelf: boolean;
}

function toml(tree: SourceTree, path: string): unknown {
  const text = tree.text(path);
  if (text === undefined) return undefined;
  try {
    return parseToml(text);
  } catch {
    // A broken file says nothing; installing tells what is wrong with it.
    return undefined;
  }
}

function readProject(tree: SourceTree, dir: string): ProjectFile {
  const parsed = Project.safeParse(toml(tree, joinPath(dir, "pyproject.toml")));
  if (!parsed.success) return { requirements: undefined, names: new Set(), installSelf: false };
  const { project, tool } = parsed.data;
  const own = project?.dependencies;
  const poetry = tool?.poetry?.dependencies;
  const requirements =
    own ??
    (poetry === undefined
      ? undefined
      : Object.entries(poetry).flatMap(([name, wish]) => poetryRequirement(name, wish)));
  // A folder `src` holds packages that have to be found: the start's import path has it, so that nothing needs to be built.
  return { requirements, names: namesOf(requirements ?? []), installSelf: false };
}

function poetryRequirement(name: string, wish: unknown): string[] {
  if (normalName(name) === "python") return [];
  const version =
    typeof wish === "string"
      ? wish
      : typeof wish === "object" && wish !== null && "version" in wish && typeof wish.version === "string"
        ? wish.version
        : "*";
  const optional = typeof wish === "object" && wish !== null && "optional" in wish && wish.optional === true;
  const extras =
    typeof wish === "object" && wish !== null && "extras" in wish && Array.isArray(wish.extras)
      ? `[${wish.extras.map(String).join(",")}]`
      : "";
  return optional
    ? []
    : [
        `${name}${extras}${version
          .split(",")
          .map((part) => caretRange(part.trim()))
          .filter((part) => part !== "")
          .join(",")}`,
      ];
}

/** Poetry's `^1.2` and `~1.2` as pip understands them. */
export function caretRange(wish: string): string {
  if (wish === "*" || wish === "") return "";
  const range = /^([\^~])\s*(\d+(?:\.\d+)*)(.*)$/.exec(wish);
  if (range === null) return /^\d/.test(wish) ? `==${wish}` : wish.replaceAll(" ", "");
  const parts = (range[2] ?? "0").split(".").map(Number);
  const place =
    range[1] === "~"
      ? Math.min(1, parts.length - 1)
      : Math.max(
          0,
          parts.findIndex((part) => part > 0),
        );
  const next = parts.slice(0, place + 1).map((part, index) => (index === place ? part + 1 : part));
  return `>=${range[2]}${range[3]},<${next.join(".")}`;
}

type Lock = Omit<PythonDependencies, "installSelf" | "lines">;

const UvPackage = z.object({
  name: z.string(),
  version: z.string().optional(),
  source: z.record(z.string(), z.unknown()).catch({}),
  dependencies: z
    .array(z.object({ name: z.string(), marker: z.string().optional() }))
    .catch([])
    .optional(),
  "optional-dependencies": z
    .record(z.string(), z.array(z.object({ name: z.string() })))
    .catch({})
    .optional(),
});

function uvLock(tree: SourceTree, dir: string): Lock | undefined {
  const parsed = z.object({ package: z.array(UvPackage) }).safeParse(toml(tree, joinPath(dir, "uv.lock")));
  if (!parsed.success) return undefined;
  const packages = Map.groupBy(parsed.data.package, (each) => each.name);
  const roots = parsed.data.package.filter((each) => "virtual" in each.source || "editable" in each.source);
  const markers = new Map<string, string | undefined>();
  const queue = roots.flatMap((each) => each.dependencies ?? []);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    // Reached without a condition once, it is always needed.
    if (markers.has(next.name)) {
      if (next.marker === undefined) markers.set(next.name, undefined);
      continue;
    }
    markers.set(next.name, next.marker);
    for (const found of packages.get(next.name) ?? []) {
      queue.push(...(found.dependencies ?? []), ...Object.values(found["optional-dependencies"] ?? {}).flat());
    }
  }
  const requirements = [...markers].flatMap(([name, marker]) => {
    const found = packages.get(name)?.[0];
    if (found === undefined || roots.includes(found)) return [];
    const git = found.source["git"];
    const what = typeof git === "string" ? `${name} @ git+${git}` : `${name}==${found.version ?? "0"}`;
    return [marker === undefined ? what : `${what} ; ${marker}`];
  });
  return {
    manager: "uv",
    file: "uv.lock",
    requirements: requirements.sort(),
    names: new Set(markers.keys()),
    because: "uv.lock pins the packages",
  };
}

const PoetryPackage = z.object({
  name: z.string(),
  version: z.string(),
  optional: z.boolean().catch(false).optional(),
  category: z.string().optional().catch(undefined),
  groups: z.array(z.string()).optional().catch(undefined),
  markers: z
    .union([z.string(), z.record(z.string(), z.string())])
    .optional()
    .catch(undefined),
  source: z
    .object({ type: z.string(), url: z.string(), resolved_reference: z.string().optional() })
    .optional()
    .catch(undefined),
});

function poetryLock(tree: SourceTree, dir: string): Lock | undefined {
  const parsed = z.object({ package: z.array(PoetryPackage) }).safeParse(toml(tree, joinPath(dir, "poetry.lock")));
  if (!parsed.success) return undefined;
  const wanted = parsed.data.package.filter(
    (each) => each.optional !== true && (each.groups?.includes("main") ?? true) && (each.category ?? "main") === "main",
  );
  const requirements = wanted.map(({ name, version, markers, source }) => {
    const marker = typeof markers === "string" ? markers : markers?.["main"];
    const what =
      source?.type === "git"
        ? `${name} @ git+${source.url}@${source.resolved_reference ?? "HEAD"}`
        : `${name}==${version}`;
    return marker === undefined ? what : `${what} ; ${marker}`;
  });
  return {
    manager: "poetry",
    file: "poetry.lock",
    requirements,
    names: namesOf(requirements),
    because: "poetry.lock pins the packages",
  };
}

const PipfileEntry = z.union([
  z.string().transform((version) => ({ version, extras: [], markers: undefined, git: undefined, ref: undefined })),
  z.object({
    version: z.string().optional(),
    extras: Strings.optional(),
    markers: z.string().optional(),
    git: z.string().optional(),
    ref: z.string().optional(),
  }),
]);

function pipfileLock(tree: SourceTree, dir: string): Lock | undefined {
  const parsed = z
    .object({ default: z.record(z.string(), PipfileEntry) })
    .safeParse(tree.json(joinPath(dir, "Pipfile.lock")));
  if (!parsed.success) return undefined;
  const requirements = Object.entries(parsed.data.default).map(([name, entry]) => pipfileRequirement(name, entry));
  return {
    manager: "pipenv",
    file: "Pipfile.lock",
    requirements,
    names: namesOf(requirements),
    because: "Pipfile.lock pins the packages",
  };
}

function pipfileList(tree: SourceTree, dir: string): PythonDependencies | undefined {
  const parsed = z
    .object({ packages: z.record(z.string(), PipfileEntry).catch({}) })
    .safeParse(toml(tree, joinPath(dir, "Pipfile")));
  if (!parsed.success || !tree.isFile(joinPath(dir, "Pipfile"))) return undefined;
  const requirements = Object.entries(parsed.data.packages).map(([name, entry]) => pipfileRequirement(name, entry));
  return {
    manager: "pipenv",
    file: "Pipfile",
    requirements,
    names: namesOf(requirements),
    lines: requirements,
    because: "Pipfile lists the packages, without a lock",
    installSelf: false,
  };
}

function pipfileRequirement(
  name: string,
  { version = "", extras = [], markers, git, ref }: z.infer<typeof PipfileEntry>,
): string {
  const suffix = extras.length === 0 ? "" : `[${extras.join(",")}]`;
  const what =
    git === undefined
      ? `${name}${suffix}${version === "*" ? "" : version}`
      : `${name}${suffix} @ git+${git}${ref === undefined ? "" : `@${ref}`}`;
  return markers === undefined ? what : `${what} ; ${markers}`;
}

function setupNames(tree: SourceTree, dir: string): Set<string> {
  const text = `${tree.text(joinPath(dir, "setup.py")) ?? ""}\n${tree.text(joinPath(dir, "setup.cfg")) ?? ""}`;
  const list = /install_requires\s*=\s*(\[[^\]]*\]|(?:\n[ \t]+\S.*)+)/.exec(text)?.[1] ?? "";
  return namesOf(list.split(/[\n,[\]]/).map((part) => part.trim().replaceAll(/^["']|["']$/g, "")));
}
