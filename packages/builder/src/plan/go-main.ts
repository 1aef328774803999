import { basename } from "node:path";
import { joinPath, type SourceTree } from "./source-tree.ts";

export interface GoMain {
  /** Folder of the main package, relative to the module's: "" or `cmd/api`. */
  readonly folder: string;
  readonly serves: boolean;
  /** How much it looks like the module's server. */
  readonly score: number;
}

const serverImport =
  /"(net\/http|github\.com\/(gin-gonic\/gin|labstack\/echo(\/v\d+)?|gofiber\/fiber(\/v\d+)?|go-chi\/chi(\/v\d+)?|gorilla\/mux|valyala\/fasthttp|julienschmidt\/httprouter)|google\.golang\.org\/grpc)"/;

/** Main packages of a module, read from its files; those that serve first, then by what their folders are usually called. */
export function findGoMains(tree: SourceTree, dir: string, project: string): GoMain[] {
  const below = (path: string): string => (dir === "" ? path : path.slice(dir.length + 1));
  // A folder with a go.mod of its own is a module of its own.
  const modules = tree
    .find(dir, /(^|\/)go\.mod$/, { depth: 4, limit: 100 })
    .flatMap((path) => (below(path) === "go.mod" ? [] : [below(path).replace(/go\.mod$/, "")]));
  const files = tree
    .find(dir, /\.go$/, { depth: 4, limit: 3000 })
    .map(below)
    .filter((path) => !modules.some((folder) => path.startsWith(folder)))
    .filter(
      (path) => !/(_test\.go$|(^|\/)(testdata|vendor|examples?|internal\/tools|tools|scripts?|hack)\/)/.test(path),
    );
  const folders = Map.groupBy(files, (path) => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ""));
  const mains: GoMain[] = [];
  for (const [folder, paths] of folders) {
    const texts = paths
      .map((path) => tree.text(joinPath(dir, path)) ?? "")
      .filter((text) => /^package\s+main\b/m.test(text) && !/^\/\/go:build\s+ignore\b/m.test(text));
    if (texts.some((text) => /^func\s+main\s*\(\s*\)/m.test(text))) {
      const serves = texts.some((text) => serverImport.test(text));
      mains.push({ folder, serves, score: score(folder, serves, project) });
    }
  }
  return mains.sort((a, b) => b.score - a.score || a.folder.length - b.folder.length || (a.folder < b.folder ? -1 : 1));
}

/** Of a collection of programs one that serves and has no telling name is no likelier the app than another. */
const mostOfAnApp = 3;

/** Programs of which none is more likely the app than another: examples, or services that belong together. */
export function equallyLikely(mains: readonly GoMain[]): readonly GoMain[] {
  const best = mains[0]?.score ?? 0;
  if (mains.length > mostOfAnApp && best <= servesScore) return mains;
  const alike = mains.filter(({ score: each }) => each === best);
  return alike.length > 1 ? alike : [];
}

const usual = new Set(["server", "api", "web", "app", "main", "http", "service", "serve", "backend"]);

const servesScore = 3;

function score(folder: string, serves: boolean, project: string): number {
  const name = basename(folder);
  const called = folder === "" ? 6 : name === project ? 5 : usual.has(name) ? 4 : /server|api|web/.test(name) ? 3 : 0;
  return called + (serves ? servesScore : 0);
}
