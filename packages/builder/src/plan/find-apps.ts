import { detectors } from "../detect/index.ts";
import { rank } from "../detect/detector.ts";
import { appName } from "./framework.ts";
import { ancestors } from "./node-version.ts";
import { Settings } from "./settings.ts";
import { joinPath, type SourceTree } from "./source-tree.ts";

export interface FoundApp {
  readonly dir: string;
  readonly name: string;
  readonly framework: string | null;
}

const manifests =
  /(^|\/)(package\.json|requirements\.txt|pyproject\.toml|Pipfile|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(\.kts)?|Gemfile|composer\.json|index\.html|Dockerfile)$/;
const notApps =
  /(^|\/)(examples?|fixtures?|tests?|__tests__|e2e|templates?|docs?|demos?|playgrounds?|benchmarks?|scripts|fuzz|views|layouts|partials|\.github|website-template)(\/|$)/;

/** Apps that could be deployed from a source, by folder; at most four folders down and 30 of them. Examples and tests are no apps. */
export function findApps(tree: SourceTree): FoundApp[] {
  const files = tree.find("", manifests, { depth: 4, limit: 400 }).filter((file) => !notApps.test(file));
  const folders = [...new Set(files.map((file) => joinPath(file, "..")))].toSorted();
  const apps: FoundApp[] = [];
  for (const dir of folders) {
    if (apps.length >= 30) break;
    const found = detectors
      .flatMap((detector) => detector({ tree, dir, settings: new Settings([]) }) ?? [])
      .filter((candidate) => "draft" in candidate && candidate.rank > rank.weak);
    const best = found.toSorted((a, b) => b.rank - a.rank)[0];
    // A page inside of an app is a part of that app; one deep inside of a package that is no app is a part of that.
    const inside =
      best !== undefined &&
      best.rank === rank.page &&
      (apps.some((app) => app.dir === "" || dir.startsWith(`${app.dir}/`)) || isDeepInPackage(tree, dir));
    if (best !== undefined && "draft" in best && !inside)
      apps.push({ dir, name: appName(tree, dir), framework: best.draft.plan.framework });
  }
  return apps;
}

/** Two folders or more below a package.json: what a script of that package serves or writes. */
function isDeepInPackage(tree: SourceTree, dir: string): boolean {
  const above = [...ancestors(dir)].slice(2);
  return above.some((folder) => tree.isFile(joinPath(folder, "package.json")));
}
