import { posix } from "node:path";
import type { Failure } from "@cloudsmith/contracts";
import { parse as parseToml } from "smol-toml";
import * as z from "zod";
import { because, newDraft, warn } from "../plan/draft.ts";
import { applyProcfile } from "../plan/procfile.ts";
import { joinPath, type SourceTree } from "../plan/source-tree.ts";
import { rank, type Candidate, type DetectContext } from "./detector.ts";
import { programFile } from "./go.ts";

const Manifest = z.object({
  package: z
    .object({
      name: z.string(),
      "rust-version": z.unknown().optional(),
      "default-run": z.string().optional().catch(undefined),
      autobins: z.boolean().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  bin: z
    .array(z.object({ name: z.string().optional(), path: z.string().optional() }))
    .optional()
    .catch(undefined),
  dependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
  workspace: z
    .object({ members: z.array(z.string()).catch([]).optional() })
    .optional()
    .catch(undefined),
});
type Manifest = z.infer<typeof Manifest>;

const serverCrates = new Set([
  "axum",
  "actix-web",
  "rocket",
  "warp",
  "hyper",
  "tide",
  "poem",
  "salvo",
  "ntex",
  "tonic",
  "tiny_http",
  "gotham",
  "leptos",
  "dioxus",
  "viz",
  "rouille",
  "iron",
  "trillium",
]);

interface Binary {
  readonly folder: string;
  readonly crate: string;
  readonly name: string;
  readonly serves: boolean;
  readonly isDefault: boolean;
}

/** Apps of Rust: a package with a binary, or the one in a workspace that looks most like a server. */
export function detectRust({ tree, dir, settings }: DetectContext): Candidate | undefined {
  const manifest = readManifest(tree, dir);
  if (manifest === undefined) return undefined;
  const binaries = [dir, ...members(tree, dir, manifest)]
    .flatMap((folder) => binariesOf(tree, folder))
    .sort((a, b) => score(b, dir) - score(a, dir));
  const [best, second] = binaries;
  if (best === undefined) {
    return {
      rank: rank.weak,
      failure: {
        code: "main-not-found",
        message: "The Rust package has no binary",
        cause: "There is neither src/main.rs nor a [[bin]]",
        fix: "Deploy the folder that has one with --dir; a library cannot be deployed",
      },
    };
  }
  if (second !== undefined && score(second, dir) === score(best, dir))
    return { rank: rank.weak, failure: several(binaries.filter((each) => score(each, dir) === score(best, dir))) };
  const draft = newDraft("rust", dir);
  const root =
    tree.isFile(joinPath(dir, "Cargo.lock")) || manifest.workspace !== undefined || dir === ""
      ? dir
      : workspaceRoot(tree, dir);
  draft.plan.installDir = root;
  draft.plan.toolchains["rust"] = settings.get("toolchains")?.value["rust"] ?? rustRange(tree, dir, manifest);
  because(draft, "toolchains.rust", "rust-toolchain or rust-version, else the newest at hand");
  const locked = tree.isFile(joinPath(root, "Cargo.lock"));
  if (!locked)
    warn(draft, "no-lockfile", "There is no Cargo.lock: a later build may get other versions", "Commit Cargo.lock");
  draft.plan.packageManager = { name: "cargo", version: null, lockfile: locked ? "Cargo.lock" : null };
  draft.plan.commands.build = {
    argv: ["cargo", "build", "--release", ...(locked ? ["--locked"] : []), "-p", best.crate, "--bin", best.name],
  };
  because(
    draft,
    "commands.build",
    `${best.name} is the binary${binaries.length > 1 ? ` that looks most like a server, of ${binaries.length}` : ""}`,
  );
  draft.plan.output = joinPath("target/release", best.name);
  draft.plan.caches.push(posix.relative(`/${dir}`, `/${joinPath(root, "target")}`));
  draft.plan.serve = { type: "process", start: { argv: [programFile] } };
  because(draft, "serve", "the program that the build makes");
  if (best.serves && readManifest(tree, best.folder)?.dependencies?.["rocket"] !== undefined)
    Object.assign(draft.plan.env.run, { ROCKET_PROFILE: "release" });
  applyProcfile(draft, tree, { trustWeb: false });
  return { rank: best.serves ? rank.server - 5 : rank.entry, draft };
}

/** Taking one by chance would deploy another program than was meant. */
function several(binaries: readonly Binary[]): Failure {
  const names = binaries.map(({ folder, name }) => (folder === "" ? name : `${name} (${folder})`));
  return {
    code: "main-not-found",
    message: `There are several programs and none looks more like the server than another: ${names.slice(0, 10).join(", ")}`,
    fix: "Choose one: its folder with --dir, default-run in Cargo.toml, or build in cloudsmith.json",
  };
}

function readManifest(tree: SourceTree, folder: string): Manifest | undefined {
  const text = tree.text(joinPath(folder, "Cargo.toml"));
  if (text === undefined) return undefined;
  try {
    return Manifest.parse(parseToml(text));
  } catch {
    // A broken manifest is told by cargo, with its line.
    return {};
  }
}

function members(tree: SourceTree, dir: string, manifest: Manifest): string[] {
  return (manifest.workspace?.members ?? []).flatMap((pattern) => {
    if (!pattern.includes("*")) return [joinPath(dir, pattern)];
    const folder = joinPath(dir, pattern.slice(0, pattern.indexOf("*")).replace(/\/$/, ""));
    return tree
      .names(folder)
      .filter((name) => name.endsWith("/"))
      .map((name) => joinPath(folder, name.slice(0, -1)));
  });
}

function workspaceRoot(tree: SourceTree, dir: string): string {
  const parts = dir.split("/");
  for (let length = parts.length - 1; length >= 0; length -= 1) {
    const folder = parts.slice(0, length).join("/");
    if (readManifest(tree, folder)?.workspace !== undefined) return folder;
  }
  return dir;
}

function binariesOf(tree: SourceTree, folder: string): Binary[] {
  const manifest = readManifest(tree, folder);
  const crate = manifest?.package?.name;
  if (manifest === undefined || crate === undefined) return [];
  const serves =
    Object.keys(manifest.dependencies ?? {}).some((name) => serverCrates.has(name)) ||
    /TcpListener/.test(tree.text(joinPath(folder, "src/main.rs")) ?? "");
  const named = (manifest.bin ?? []).flatMap((each) => each.name ?? []);
  const main =
    tree.isFile(joinPath(folder, "src/main.rs")) && !(manifest.bin ?? []).some((each) => each.path === "src/main.rs")
      ? [crate]
      : [];
  const extra = tree.names(joinPath(folder, "src/bin")).map((name) => name.replace(/\/$|\.rs$/, ""));
  return [...new Set([...named, ...main, ...extra])].map((name) => ({
    folder,
    crate,
    name,
    serves,
    isDefault: manifest.package?.["default-run"] === name,
  }));
}

function score({ folder, crate, name, serves, isDefault }: Binary, dir: string): number {
  return (
    (isDefault ? 20 : 0) +
    (serves ? 10 : 0) +
    (folder === dir ? 3 : 0) +
    (name === crate ? 2 : 0) +
    (/server|api|web|app|backend/.test(name) ? 4 : 0)
  );
}

function rustRange(tree: SourceTree, dir: string, manifest: Manifest): string {
  const file = tree.text(joinPath(dir, "rust-toolchain.toml")) ?? tree.text(joinPath(dir, "rust-toolchain")) ?? "";
  const pinned = /(\d+\.\d+(\.\d+)?)/.exec(file)?.[1];
  if (pinned !== undefined) return `>=${pinned}`;
  const least = manifest.package?.["rust-version"];
  return typeof least === "string" && /^\d+\.\d+/.test(least) ? `>=${least}` : "*";
}
