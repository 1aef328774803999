import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { BuildContext } from "../build/build-context.ts";
import { canonical } from "../build-key.ts";
import { joinPath, SourceTree } from "../plan/source-tree.ts";
import { findWorkspace, workspaceMembers } from "../plan/workspace.ts";
import { linkTree } from "./link-tree.ts";

/** Beside dependency lists: what else decides what an install leaves. */
const configFiles = [".npmrc", ".yarnrc", ".yarnrc.yml", "pnpm-workspace.yaml", ".pnpmfile.cjs", "bunfig.toml"];
const installScripts = [
  "preinstall",
  "install",
  "postinstall",
  "prepublish",
  "preprepare",
  "prepare",
  "postprepare",
] as const;
const decidingFields = new Set([
  "name",
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
  "peerDependenciesMeta",
  "overrides",
  "resolutions",
  "workspaces",
  "pnpm",
  "patchedDependencies",
  "packageManager",
  "bundleDependencies",
  "engines",
]);

const Index = z.object({
  version: z.literal(1),
  trees: z.array(z.object({ folder: z.string(), files: z.record(z.string(), z.tuple([z.number(), z.number()])) })),
});

export interface DependencyCache {
  /** Puts the tree of an earlier install in place; false where there is none that is whole. */
  readonly restore: () => Promise<boolean>;
  readonly save: () => Promise<void>;
  /** Scripts of the app's own packages that an install would have run, by folder. */
  readonly ownScripts: readonly { readonly folder: string; readonly script: string }[];
}

/**
 * The cache of installed dependencies: keyed by lockfile, manifests, configuration, toolchains and platform. Trees are twins by hard links; a cached file that a build
 * wrote in place is noticed by its time, and the entry dropped. Undefined where there is no lockfile: then the same inputs do not give the same tree.
 */
export function dependencyCache(context: BuildContext): DependencyCache | undefined {
  const lockfile = context.plan.packageManager?.lockfile;
  if (lockfile == null) return undefined;
  const tree = new SourceTree(context.folder.source);
  const workspace = findWorkspace(tree, context.plan.installDir);
  const folders = [context.plan.installDir, ...(workspace === undefined ? [] : workspaceMembers(tree, workspace))];
  const entry = join(context.cacheDir, "dependencies", dependencyKey(context, tree, folders, lockfile));
  return {
    restore: () => restore(context, entry),
    save: () => save(context, entry, folders),
    ownScripts: folders.flatMap((folder) => ownScripts(tree, folder).map((script) => ({ folder, script }))),
  };
}

function dependencyKey(context: BuildContext, tree: SourceTree, folders: readonly string[], lockfile: string): string {
  const { plan } = context;
  const hash = createHash("sha256").update(
    canonical({
      version: 1,
      toolchains: context.toolchains,
      platform: context.platform,
      install: plan.commands.install,
      env: plan.env.build,
    }),
  );
  hash.update(readFileSync(join(context.installRoot, lockfile)));
  for (const folder of folders)
    hash.update(canonical({ folder, manifest: decidingParts(tree.json(joinPath(folder, "package.json"))) }));
  for (const file of configFiles) hash.update(`${file}\0${tree.text(joinPath(plan.installDir, file)) ?? ""}\0`);
  for (const file of tree.find(joinPath(plan.installDir, "patches"), /\.patch$/, { depth: 2, limit: 500 }))
    hash.update(`${file}\0${tree.text(file) ?? ""}\0`);
  // What a variable of the build says to an install script is part of the tree too.
  const relevant = Object.entries(context.buildVariables).filter(([name]) =>
    /^(npm|pnpm|yarn|NPM|YARN|PNPM)_|NODE_ENV|SKIP|BINARY|PREBUILD/.test(name),
  );
  return hash.update(canonical(Object.fromEntries(relevant))).digest("hex");
}

function decidingParts(manifest: unknown): unknown {
  if (typeof manifest !== "object" || manifest === null) return null;
  const parts = Object.fromEntries(Object.entries(manifest).filter(([key]) => decidingFields.has(key)));
  const scripts: unknown = "scripts" in manifest ? manifest.scripts : undefined;
  const own =
    typeof scripts === "object" && scripts !== null
      ? Object.fromEntries(Object.entries(scripts).filter(([name]) => installScripts.some((each) => each === name)))
      : {};
  return { ...parts, scripts: own };
}

function ownScripts(tree: SourceTree, folder: string): string[] {
  const manifest = tree.json(joinPath(folder, "package.json"));
  const scripts: unknown =
    typeof manifest === "object" && manifest !== null && "scripts" in manifest ? manifest.scripts : undefined;
  return typeof scripts === "object" && scripts !== null
    ? installScripts.filter((name) => Object.hasOwn(scripts, name))
    : [];
}

/** Generated into node_modules by tools that write in place. */
const writtenInPlace = (path: string): boolean => /(^|\/)\.prisma\//.test(path);
const notKept = (path: string): boolean => /^\.(cache|vite|vite-temp|tmp|yarn-integrity-tmp)(\/|$)/.test(path);

async function restore(context: BuildContext, entry: string): Promise<boolean> {
  const index = readIndex(entry);
  if (index === undefined) return false;
  for (const [number, { folder, files }] of index.trees.entries()) {
    const to = join(context.folder.source, folder, "node_modules");
    rmSync(to, { recursive: true, force: true });
    const linked = await linkTree(
      join(entry, String(number)),
      to,
      { signal: context.signal, copy: writtenInPlace },
      files,
    ).catch((error: unknown) => {
      context.signal.throwIfAborted();
      // The entry was trimmed away meanwhile.
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return false as const;
      throw error;
    });
    if (linked === false) {
      drop(entry);
      for (const tree of index.trees)
        rmSync(join(context.folder.source, tree.folder, "node_modules"), { recursive: true, force: true });
      return false;
    }
  }
  const now = new Date();
  utimesSync(entry, now, now);
  return true;
}

async function save(context: BuildContext, entry: string, folders: readonly string[]): Promise<void> {
  if (existsSync(join(entry, "index.json"))) return;
  const fresh = `${entry}.new-${randomUUID()}`;
  try {
    mkdirSync(fresh, { recursive: true });
    const trees: z.infer<typeof Index>["trees"] = [];
    for (const folder of folders) {
      const from = join(context.folder.source, folder, "node_modules");
      if (statSync(from, { throwIfNoEntry: false })?.isDirectory() !== true) continue;
      const files = await linkTree(from, join(fresh, String(trees.length)), {
        signal: context.signal,
        copy: writtenInPlace,
        skip: notKept,
      });
      if (files !== false)
        trees.push({
          folder,
          files: Object.fromEntries(
            Object.entries(files).map(([path, [bytes, changed]]) => [
              path,
              [bytes, copiedTime(join(fresh, String(trees.length), path), path, changed)],
            ]),
          ),
        });
    }
    writeFileSync(join(fresh, "index.json"), JSON.stringify({ version: 1, trees }));
    if (!existsSync(entry)) renameSync(fresh, entry);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** A copy has a time of its own. */
function copiedTime(file: string, path: string, changed: number): number {
  return writtenInPlace(path) ? statSync(file).mtimeMs : changed;
}

function drop(entry: string): void {
  const gone = `${entry}.new-${randomUUID()}`;
  try {
    renameSync(entry, gone);
  } catch {
    // Another build dropped it first.
  }
  rmSync(gone, { recursive: true, force: true });
}

function readIndex(entry: string): z.infer<typeof Index> | undefined {
  try {
    if (!readdirSync(entry).includes("index.json")) return undefined;
    return Index.parse(JSON.parse(readFileSync(join(entry, "index.json"), "utf8")));
  } catch {
    // Never saved, or half removed.
    return undefined;
  }
}
