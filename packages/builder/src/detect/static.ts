import { because, newDraft } from "../plan/draft.ts";
import { joinPath, packageJson } from "../plan/source-tree.ts";
import { rank, type Candidate, type DetectContext } from "./detector.ts";

const folders = ["", "public", "dist", "build", "site", "www", "_site", "out", "html", "docs", "src", "static", "app"];

/** Plain files: the first usual folder that holds an index.html. */
export function detectStatic({ tree, dir, settings }: DetectContext): Candidate | undefined {
  const chosen = settings.get("output")?.value;
  const folder = (chosen === undefined ? folders : [chosen, ...folders]).find((name) =>
    tree.isFile(joinPath(dir, name, "index.html")),
  );
  const pages = folder === undefined ? tree.names(dir).filter((name) => /\.html?$/.test(name)) : [];
  if (folder === undefined && pages.length === 0) return undefined;
  const draft = newDraft("static", dir);
  draft.plan.output = folder === undefined || folder === "" ? "." : folder;
  because(
    draft,
    "serve",
    folder === undefined
      ? `${pages[0] ?? "a page"} is there and no index.html`
      : `${joinPath(folder, "index.html")} is there and nothing builds or starts the app`,
  );
  because(
    draft,
    "output",
    `the files in ${folder === undefined || folder === "" ? "the folder itself" : folder} are served as they are`,
  );
  // A page beside a package.json may be the template of an app that could not be planned.
  const weak = packageJson(tree, dir) !== undefined || folder === undefined;
  // One in a folder below may be a part of an app that its Dockerfile builds.
  return { rank: weak ? rank.weak : draft.plan.output === "." ? rank.page : rank.page - 10, draft };
}
