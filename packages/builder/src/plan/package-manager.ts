import { intersects, validRange } from "semver";
import { parse as parseYaml } from "yaml";
import type { Command } from "@cloudsmith/contracts";
import { joinPath, packageJson, type SourceTree } from "./source-tree.ts";
import { valueAt } from "./framework.ts";

export type ManagerName = "npm" | "pnpm" | "yarn" | "bun";

export interface PackageManagerChoice {
  readonly name: ManagerName;
  /** Exact version or range; null for the one at hand. */
  readonly version: string | null;
  readonly lockfile: string | null;
  readonly because: string;
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly fix: string }[];
}

const lockfiles: readonly { readonly file: string; readonly manager: ManagerName }[] = [
  { file: "pnpm-lock.yaml", manager: "pnpm" },
  { file: "bun.lock", manager: "bun" },
  { file: "bun.lockb", manager: "bun" },
  { file: "yarn.lock", manager: "yarn" },
  { file: "package-lock.json", manager: "npm" },
  { file: "npm-shrinkwrap.json", manager: "npm" },
];

/** Which package manager, in which version, by which lockfile. A choice of the person wins, then `packageManager`, then the lockfile. */
export function choosePackageManager(tree: SourceTree, dir: string, chosen?: ManagerName): PackageManagerChoice {
  const json = packageJson(tree, dir);
  const declared = /^(npm|pnpm|yarn|bun)@(\d[^+]*)/.exec(json?.packageManager ?? "");
  const present = lockfiles.filter((row) => tree.isFile(joinPath(dir, row.file)));
  const volta = (["pnpm", "yarn", "npm"] as const).find((name) => json?.volta[name] !== undefined);
  const declaredName = declared?.[1] === undefined ? volta : managerName(declared[1]);
  const name = chosen ?? declaredName ?? present[0]?.manager ?? engineManager(json?.engines ?? {}) ?? "npm";
  const lockfile = present.find((row) => row.manager === name)?.file ?? null;
  const version =
    declaredName === name
      ? (declared?.[2] ?? json?.volta[name] ?? null)
      : (versionByLockfile(tree, dir, name, lockfile) ?? rangeOrNull(json?.engines[name]));
  return {
    name,
    version,
    lockfile,
    because: reason(name, chosen, declaredName, lockfile),
    warnings: warningsOf(
      name,
      lockfile,
      present.map((row) => row.file),
      Object.keys(json?.dependencies ?? {}).length + Object.keys(json?.devDependencies ?? {}).length,
    ),
  };
}

function managerName(text: string): ManagerName {
  return text === "pnpm" || text === "yarn" || text === "bun" ? text : "npm";
}

function engineManager(engines: Record<string, string>): ManagerName | undefined {
  return (["pnpm", "yarn", "bun"] as const).find(
    (name) => engines[name] !== undefined && validRange(engines[name]) !== null,
  );
}

function rangeOrNull(range: string | undefined): string | null {
  return range !== undefined && validRange(range) !== null && range !== "*" ? range : null;
}

function reason(
  name: string,
  chosen: string | undefined,
  declared: string | undefined,
  lockfile: string | null,
): string {
  if (chosen !== undefined) return `${name} was chosen`;
  if (declared !== undefined) return `package.json names ${declared}`;
  return lockfile === null ? "no lockfile and no packageManager: npm comes with Node" : `${lockfile} is there`;
}

function warningsOf(
  name: ManagerName,
  lockfile: string | null,
  present: readonly string[],
  dependencies: number,
): PackageManagerChoice["warnings"] {
  const others = present.filter((file) => file !== lockfile);
  if (lockfile !== null && others.length > 0) {
    return [
      {
        code: "lockfile-conflict",
        message: `${present.join(" and ")} are both there; ${lockfile} is used`,
        fix: `Delete ${others.join(" and ")}, or name the package manager in package.json`,
      },
    ];
  }
  if (lockfile === null && dependencies > 0) {
    return [
      {
        code: "lockfile-missing",
        message: "There is no lockfile: each build may get other versions",
        fix: `Run ${name} install and commit the lockfile`,
      },
    ];
  }
  return [];
}

const pnpmByLockfile: readonly { readonly pattern: RegExp; readonly version: string }[] = [
  { pattern: /^9/, version: "9.x || 10.x" },
  { pattern: /^6/, version: "8.x" },
  { pattern: /^5\.4/, version: "7.x" },
  { pattern: /^5/, version: "6.x" },
];

function versionByLockfile(
  tree: SourceTree,
  dir: string,
  name: ManagerName,
  lockfile: string | null,
): string | undefined {
  const text = lockfile === null ? undefined : tree.text(joinPath(dir, lockfile));
  if (name === "pnpm" && text !== undefined) {
    const version = /^lockfileVersion:\s*['"]?([\d.]+)/m.exec(text)?.[1] ?? "";
    return pnpmByLockfile.find((row) => row.pattern.test(version))?.version;
  }
  if (name !== "yarn") return undefined;
  const berry = /^__metadata:\s*\n\s+version:\s*(\d+)/m.exec(text ?? "")?.[1];
  if (berry !== undefined) return Number(berry) >= 8 ? "4.x" : "3.x";
  return tree.isFile(joinPath(dir, ".yarnrc.yml")) ? "4.x" : "1.x";
}

/** True for yarn 2 and newer, whose options and package are others. */
export function isBerry(version: string | null): boolean {
  return version !== null && validRange(version) !== null && !intersects(version, "1.x");
}

/** The release of yarn that the repository carries, run by node. */
export function carriedYarn(tree: SourceTree, dir: string): string | undefined {
  const text = tree.text(joinPath(dir, ".yarnrc.yml"));
  if (text === undefined) return undefined;
  let path: unknown;
  try {
    path = valueAt(parseYaml(text, { logLevel: "error" }), "yarnPath");
  } catch {
    return undefined;
  }
  return typeof path === "string" && tree.isFile(joinPath(dir, path)) ? path : undefined;
}

/** The command that installs exactly what the lockfile says, or what package.json asks for where there is none. */
export function installCommand(choice: PackageManagerChoice, yarnPath: string | undefined): Command {
  const frozen = choice.lockfile !== null;
  switch (choice.name) {
    case "npm":
      return { argv: ["npm", frozen ? "ci" : "install", "--no-audit", "--no-fund"] };
    case "pnpm":
      return { argv: ["pnpm", "install", frozen ? "--frozen-lockfile" : "--no-frozen-lockfile"] };
    case "bun":
      return { argv: ["bun", "install", ...(frozen ? ["--frozen-lockfile"] : [])] };
    case "yarn":
      if (yarnPath !== undefined) return { argv: ["node", yarnPath, "install", ...(frozen ? ["--immutable"] : [])] };
      if (isBerry(choice.version))
        return { argv: ["yarn", "install", ...(frozen ? ["--immutable"] : ["--no-immutable"])] };
      // As npm and pnpm do, it only warns of what a dependency says of Node; what the app itself says has been followed.
      return {
        argv: ["yarn", "install", "--non-interactive", "--ignore-engines", ...(frozen ? ["--frozen-lockfile"] : [])],
      };
  }
}

/** `npm run build` in the words of each manager. */
export function runScript(choice: PackageManagerChoice, script: string, yarnPath: string | undefined): Command {
  return {
    argv: [...(choice.name === "yarn" && yarnPath !== undefined ? ["node", yarnPath] : [choice.name]), "run", script],
  };
}
