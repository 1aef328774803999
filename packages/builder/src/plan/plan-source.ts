import { dirname } from "node:path";
import { BuildPlan, type Failure, type PlanSettings } from "@cloudsmith/contracts";
import { detectors } from "../detect/index.ts";
import type { Candidate, DetectContext } from "../detect/detector.ts";
import { dockerfileOf, exposedPort } from "../detect/dockerfile.ts";
import { parseDir } from "../source/parse-source.ts";
import { applyPlatformFile } from "../platform-files/apply-platform-files.ts";
import { readPlatformFiles } from "../platform-files/platform-files.ts";
import { applySettings } from "./apply-settings.ts";
import { findApps, type FoundApp } from "./find-apps.ts";
import { because, newDraft, warn, type Draft } from "./draft.ts";
import { readConfigFile, Settings, type SettingsLayer } from "./settings.ts";
import { SourceTree } from "./source-tree.ts";
import { wantedVariables } from "./wanted-variables.ts";

export type PlanResult =
  | { readonly ok: true; readonly plan: BuildPlan; readonly apps: readonly FoundApp[] }
  | { readonly ok: false; readonly failure: Failure; readonly apps: readonly FoundApp[] };

export interface PlanOptions {
  /** The unpacked source. */
  readonly root: string;
  /** The app's folder in it; empty for the root. */
  readonly dir: string;
  readonly project?: PlanSettings;
  readonly flags?: PlanSettings;
  /** Names of variables that have a value. */
  readonly variables?: readonly string[];
}

/**
 * Makes the build plan of a source, with a reason for each choice: detected < files of other platforms < `cloudsmith.json` < project < flags.
 * Reads files below `root` only, runs nothing, and never throws: every folder gives a plan or a refusal with a fix.
 */
export async function planSource(options: PlanOptions): Promise<PlanResult> {
  try {
    const tree = new SourceTree(options.root);
    const dir = parseDir(options.dir);
    if (!tree.isFolder(dir))
      return refuse(
        "source-folder-missing",
        `The source has no folder ${dir}`,
        "Give a folder of the source with --dir, or leave it out",
        [],
      );
    return planFolder(tree, dir, options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse(
      "plan-invalid",
      `The source could not be planned: ${why}`,
      "Check that the folder can be read; if it can, report this",
      [],
    );
  }
}

function planFolder(tree: SourceTree, dir: string, options: PlanOptions): PlanResult {
  const config = readConfigFile(tree, dir) ?? (dir === "" ? undefined : readConfigFile(tree, ""));
  if (config?.ok === false)
    return refuse(
      "plan-invalid",
      `cloudsmith.json is not valid: ${config.problem}`,
      "Correct the named fields; the schema lists what is allowed",
      [],
    );
  const layers: SettingsLayer[] = [
    ...(config === undefined
      ? []
      : [{ origin: "cloudsmith.json" as const, source: "cloudsmith.json", settings: config.settings }]),
    ...(options.project === undefined
      ? []
      : [{ origin: "project" as const, source: "the project's settings", settings: options.project }]),
    ...(options.flags === undefined
      ? []
      : [{ origin: "flag" as const, source: "a flag of this deployment", settings: options.flags }]),
  ];
  const context: DetectContext = { tree, dir, settings: new Settings(layers) };
  const found = detect(context);
  const own = found !== undefined && "draft" in found && isComposed(found.draft, context) ? builtApps(context) : [];
  if (own.length > 0) return planElsewhere(tree, dir, options, own);
  if (found !== undefined && "draft" in found)
    return finish(found.draft, context, options, dir === "" ? findApps(tree) : []);
  const apps = findApps(tree);
  if (found?.final === true) return { ok: false, failure: found.failure, apps };
  const start = context.settings.get("start") ?? context.settings.get("output");
  if (start !== undefined) return finish(bySettings(context), context, options, apps);
  const elsewhere = planElsewhere(tree, dir, options, apps);
  return found === undefined || elsewhere.ok || apps.length > 0
    ? elsewhere
    : { ok: false, failure: found.failure, apps };
}

/** All detectors look; the surest plan counts, and a refusal only where there is no plan. */
function detect(context: DetectContext): Candidate | undefined {
  const candidates = detectors.flatMap((detector) => detector(context) ?? []).toSorted((a, b) => b.rank - a.rank);
  return candidates.find((candidate) => "draft" in candidate || candidate.final === true) ?? candidates[0];
}

/** A compose file that builds what stands in a folder below. */
function isComposed({ plan }: Draft, { dir, settings }: DetectContext): boolean {
  if (plan.image === undefined || settings.get("dockerfile") !== undefined) return false;
  return dirname(plan.image.dockerfile) !== (dir === "" ? "." : dir);
}

/** Apps below that are built without an image: they are planned themselves, as one beside a Dockerfile is, or offered. */
function builtApps({ tree, dir }: DetectContext): FoundApp[] {
  return appsBelow(findApps(tree), dir).filter((app) => {
    const found = detect({ tree, dir: app.dir, settings: new Settings([]) });
    return found !== undefined && "draft" in found && found.draft.plan.kind !== "dockerfile";
  });
}

function appsBelow(apps: readonly FoundApp[], dir: string): FoundApp[] {
  return apps.filter((app) => app.dir !== dir && (dir === "" || app.dir.startsWith(`${dir}/`)));
}

/** Nothing was recognised, but a person said how it is started or what is served. */
function bySettings(context: DetectContext): Draft {
  const draft = newDraft("static", context.dir);
  if (context.settings.get("start") === undefined) return draft;
  draft.plan.kind = "node";
  draft.plan.toolchains["node"] = process.versions.node;
  because(draft, "toolchains.node", "the version at hand");
  return draft;
}

/** No app in the folder itself: the only one below it is taken, several are offered. */
function planElsewhere(tree: SourceTree, dir: string, options: PlanOptions, apps: readonly FoundApp[]): PlanResult {
  const below = appsBelow(apps, dir);
  const only = below.length === 1 ? below[0] : undefined;
  if (only !== undefined) {
    const result = planFolder(tree, only.dir, { ...options, dir: only.dir });
    if (!result.ok) return result;
    result.plan.reasons.push({
      field: "appDir",
      origin: "detected",
      because: `the only app of the source is in ${only.dir}`,
    });
    return { ...result, apps };
  }
  if (below.length > 1) {
    const names = below
      .map((app) => app.dir)
      .slice(0, 10)
      .join(", ");
    return refuse(
      "no-app-found",
      `There are several apps: ${names}`,
      `Choose one with --dir, for example --dir ${below[0]?.dir ?? ""}`,
      apps,
    );
  }
  const seen = tree.names(dir).slice(0, 8).join(", ");
  return refuse(
    "no-app-found",
    "No app was found here",
    `CloudSmith looked for package.json, index.html and the like and saw ${seen === "" ? "an empty folder" : seen}. Give the app's folder with --dir, or say how it starts in cloudsmith.json`,
    apps,
  );
}

function finish(draft: Draft, context: DetectContext, options: PlanOptions, apps: readonly FoundApp[]): PlanResult {
  noteDockerfile(draft, context);
  const platform = readPlatformFiles(context.tree, context.dir);
  for (const layer of platform.layers) applyPlatformFile(draft, layer);
  for (const layer of context.settings.layers) applySettings(draft, layer);
  draft.plan.expects = withoutValue(context, draft.plan.expects, options.variables ?? []);
  draft.plan.reasons = [...draft.reasons.values()];
  const parsed = BuildPlan.safeParse(draft.plan);
  if (parsed.success) return { ok: true, plan: parsed.data, apps };
  return refuse(
    "plan-invalid",
    `The plan is not valid: ${parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")}`,
    "Correct the settings",
    apps,
  );
}

/** A Dockerfile beside a plan is not built; the port that it exposes is what the app listens on where it ignores PORT. */
function noteDockerfile(draft: Draft, { tree, dir }: DetectContext): void {
  const file = dockerfileOf(tree, dir);
  if (file === undefined || draft.plan.serve.type !== "process" || draft.plan.kind === "dockerfile") return;
  warn(
    draft,
    "dockerfile-unused",
    `${file} is not used: the app is built without it`,
    "Set dockerfile in cloudsmith.json to build it as an image",
  );
  const port = exposedPort(tree, dir);
  if (port === undefined || draft.plan.port !== null) return;
  draft.plan.port = port;
  because(draft, "port", `${file} exposes ${port}`);
}

/** Variables that the app's framework or the repository names and that have no value yet. */
function withoutValue({ tree, dir }: DetectContext, framework: readonly string[], set: readonly string[]): string[] {
  const names = new Set([...framework, ...wantedVariables(tree, dir).map(({ name }) => name)]);
  return [...names].filter((name) => !set.includes(name));
}

function refuse(code: Failure["code"], message: string, fix: string, apps: readonly FoundApp[]): PlanResult {
  return { ok: false, failure: { code, message, fix }, apps };
}
