import type { Failure } from "@cloudsmith/contracts";
import { because, newDraft, warn } from "../plan/draft.ts";
import { equallyLikely, findGoMains, type GoMain } from "../plan/go-main.ts";
import { applyProcfile, readProcfile } from "../plan/procfile.ts";
import { ancestors } from "../plan/node-version.ts";
import { joinPath, type SourceTree } from "../plan/source-tree.ts";
import { rank, type Candidate, type DetectContext } from "./detector.ts";

/** Where the program of a compiled app stands in its artifact. */
export const programFile = ".cloudsmith/bin/app";

/** Apps of Go: a module with a main package, a folder of one, or a program without a module that needs none. */
export function detectGo({ tree, dir, settings }: DetectContext): Candidate | undefined {
  const root = moduleRoot(tree, dir);
  if (root === undefined && !standsAlone(tree, dir)) return undefined;
  const module = root === undefined ? "" : (tree.text(joinPath(root, "go.mod")) ?? "");
  const project =
    /^module\s+(\S+)/m
      .exec(module)?.[1]
      ?.replace(/\/v\d+$/, "")
      .split("/")
      .at(-1) ?? "";
  const mains = findGoMains(tree, dir, project);
  const main = mains[0];
  if (main === undefined) {
    if (root !== dir) return undefined;
    return {
      rank: rank.weak,
      failure: {
        code: "main-not-found",
        message: "The Go module has no main package",
        cause: "No file has `package main` and `func main()`",
        fix: "Deploy the folder that has one with --dir; a library cannot be deployed",
      },
    };
  }
  const alike = equallyLikely(mains);
  if (alike.length > 0 && readProcfile(tree, dir).get("web") === undefined)
    return { rank: rank.weak, failure: several(alike) };
  const draft = newDraft("go", dir);
  const target = main.folder === "" ? "." : `./${main.folder}`;
  draft.plan.toolchains["go"] = settings.get("toolchains")?.value["go"] ?? goRange(module);
  draft.plan.installDir = root ?? dir;
  because(draft, "toolchains.go", root === undefined ? "there is no go.mod: the newest" : "go.mod asks for it");
  const vendored = tree.isFile(joinPath(root ?? dir, "vendor/modules.txt"));
  if (!vendored && /^\s*require\b/m.test(module)) {
    draft.plan.commands.install = { argv: ["go", "mod", "download"] };
    because(draft, "commands.install", "go.mod lists modules");
    if (!tree.isFile(joinPath(root ?? dir, "go.sum")))
      warn(
        draft,
        "no-lockfile",
        "There is no go.sum: the modules are not verified",
        "Run `go mod tidy` and commit go.sum",
      );
  }
  draft.plan.commands.build = { argv: ["go", "build", "-trimpath", "-ldflags=-s -w", "-o", programFile, target] };
  because(
    draft,
    "commands.build",
    main.folder === ""
      ? "the folder is a main package"
      : `${main.folder} is the main package${mains.length > 1 ? ` that looks most like a server, of ${mains.length}` : ""}`,
  );
  if (!/mattn\/go-sqlite3|confluent-kafka-go|h2non\/bimg|veandco\/go-sdl2/.test(module))
    draft.plan.env.build["CGO_ENABLED"] = "0";
  if (root === undefined) draft.plan.env.build["GO111MODULE"] = "off";
  else if (!tree.isFile(joinPath(root, "go.sum")) && !vendored) draft.plan.env.build["GOFLAGS"] = "-mod=mod";
  draft.plan.serve = { type: "process", start: { argv: [programFile] } };
  because(draft, "serve", "the program that the build makes");
  if (/gin-gonic\/gin\b/.test(module)) draft.plan.env.run["GIN_MODE"] = "release";
  applyProcfile(draft, tree, { trustWeb: false });
  return { rank: main.serves ? rank.server - 5 : rank.entry, draft };
}

/** The folder of the go.mod that rules a folder: its own or the nearest above. */
function moduleRoot(tree: SourceTree, dir: string): string | undefined {
  return [...ancestors(dir)].find((folder) => tree.isFile(joinPath(folder, "go.mod")));
}

/** A main package of before modules that imports nothing but the standard library, whose paths have no host name. */
function standsAlone(tree: SourceTree, dir: string): boolean {
  const texts = tree
    .names(dir)
    .filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"))
    .map((name) => tree.text(joinPath(dir, name)) ?? "");
  const imported = texts.flatMap((text) =>
    [...text.matchAll(/^import\s*\(([^)]*)\)|^import\s+(.*)$/gm)].flatMap(([, group = "", single = ""]) =>
      [...`${group}\n${single}`.matchAll(/"([^"]+)"/g)].map(([, path = ""]) => path),
    ),
  );
  return (
    texts.some((text) => /^package\s+main\b/m.test(text)) && !imported.some((path) => /^(?:[^/]*\.|\.)/.test(path))
  );
}

/** Taking one by chance would deploy another program than was meant. */
function several(mains: readonly GoMain[]): Failure {
  const names = mains.map(({ folder }) => (folder === "" ? "." : folder));
  return {
    code: "main-not-found",
    message: `The Go module has several programs and none looks more like its server than another: ${names.slice(0, 10).join(", ")}`,
    fix: `Choose one with --dir, for example --dir ${names[0] ?? ""}, or set build in cloudsmith.json`,
  };
}

/** `go 1.22` means that version or a newer one; a toolchain line wins. */
function goRange(module: string): string {
  const version =
    /^toolchain\s+go(\d+\.\d+(\.\d+)?)/m.exec(module)?.[1] ?? /^go\s+(\d+\.\d+(\.\d+)?)/m.exec(module)?.[1];
  return version === undefined ? "*" : `>=${version}`;
}
