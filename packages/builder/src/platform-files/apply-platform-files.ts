import type { PlanSettings } from "@cloudsmith/contracts";
import { applySettings } from "../plan/apply-settings.ts";
import { because, type Draft } from "../plan/draft.ts";
import { isDevServer, withoutWatcher } from "../plan/node-scripts.ts";
import { atHand, toRange } from "../plan/node-version.ts";
import type { SettingsLayer } from "../plan/settings.ts";

/** Starts that only name the script which the plan has looked at already. */
const scriptStart = /^(npm|yarn|pnpm|bun)( run)? [\w:.-]+$/;

/**
 * Puts what a file of another platform says over a plan, as far as it holds here: an output folder does not make a server a static site, the start of a compiled or Python app
 * is what our build makes and not what theirs did, and a development server is no start.
 */
export function applyPlatformFile(draft: Draft, layer: SettingsLayer): void {
  const { start, output, spa, build, install, toolchains, ...rest } = layer.settings;
  const isNode = draft.plan.kind === "node";
  const isStatic = draft.plan.serve.type === "static";
  const takesStart =
    isNode &&
    !isStatic &&
    start !== undefined &&
    !scriptStart.test(start) &&
    !isDevServer(start) &&
    withoutWatcher(start) === start;
  // What is served as it is needs no build, whatever a file says of one; other kinds plan their own.
  const takesBuild = isNode && build != null && !/^(npm|yarn|pnpm|bun)( run)? build$/.test(build);
  const settings: PlanSettings = {
    ...rest,
    ...(takesStart && { start }),
    ...(takesBuild && { build }),
    ...(isNode && install !== undefined && { install }),
    ...(isStatic && output !== undefined && { output }),
    ...(isStatic && spa !== undefined && { spa }),
  };
  applySettings(draft, { ...layer, settings });
  const node = toolchains?.["node"];
  if (!isNode || node === undefined) return;
  draft.plan.toolchains["node"] = atHand(toRange(node) ?? node, "").version;
  because(draft, "toolchains.node", `${layer.source} asks for ${node}`, layer.origin);
}
