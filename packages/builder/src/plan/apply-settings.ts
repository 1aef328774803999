import { InnerPath, type PlanSettings } from "@cloudsmith/contracts";
import { because, toCommand, warn, type Draft } from "./draft.ts";
import type { SettingsLayer } from "./settings.ts";

/** Puts one layer of settings over a plan; each field that it changes gets the layer as its reason. */
export function applySettings(draft: Draft, layer: SettingsLayer): void {
  for (const key of Object.keys(appliers)) {
    const apply = appliers[key];
    if (apply !== undefined)
      apply(draft, layer.settings, (field, text) =>
        because(draft, field, text ?? `${layer.source} says so`, layer.origin),
      );
  }
}

type Apply = (draft: Draft, settings: PlanSettings, note: (field: string, text?: string) => void) => void;

const appliers: Readonly<Record<string, Apply>> = {
  framework: (draft, { framework }, note) => {
    if (framework === undefined) return;
    draft.plan.framework = framework;
    note("framework");
  },
  toolchains: (draft, { toolchains }, note) => {
    for (const [name, version] of Object.entries(toolchains ?? {})) {
      draft.plan.toolchains[name] ??= version;
      if (draft.plan.kind !== "node" || name !== "node") draft.plan.toolchains[name] = version;
      note(`toolchains.${name}`, `${version} was asked for`);
    }
  },
  install: (draft, { install }, note) => {
    if (install === undefined) return;
    draft.plan.commands.install = install === null ? null : toCommand(install);
    note("commands.install");
  },
  build: (draft, { build }, note) => {
    if (build === undefined) return;
    draft.plan.commands.build = build === null ? null : toCommand(build);
    note("commands.build");
  },
  release: (draft, { release }, note) => {
    if (release === undefined) return;
    draft.plan.commands.release = release === null ? null : toCommand(release);
    note("commands.release");
  },
  start: (draft, { start }, note) => {
    if (start === undefined) return;
    draft.plan.serve = { type: "process", start: toCommand(start) };
    draft.plan.output = null;
    note("serve");
  },
  output: (draft, { output, start, spa }, note) => {
    if (output === undefined || start !== undefined) return;
    // Our own settings are checked where they are read; a file of another platform says what it likes.
    if (!InnerPath.safeParse(output).success)
      return warn(draft, "setting-unused", `The output folder ${output} leads out of the app's folder and is not used`);
    const before = draft.plan.serve.type === "static" ? draft.plan.serve : { spa: false, immutable: [] };
    draft.plan.serve = { type: "static", dir: ".", spa: spa ?? before.spa, immutable: before.immutable };
    draft.plan.output = output;
    note("output");
    note("serve");
  },
  spa: (draft, { spa }, note) => {
    if (spa === undefined) return;
    if (draft.plan.serve.type === "static") draft.plan.serve = { ...draft.plan.serve, spa };
    else warn(draft, "setting-unused", "`spa` has no effect: the app is a process and not static files");
    note("serve.spa");
  },
  port: (draft, { port }, note) => {
    if (port === undefined) return;
    draft.plan.port = port;
    note("port");
  },
  health: (draft, { health }, note) => {
    if (health === undefined) return;
    draft.plan.health = {
      path: health.path ?? draft.plan.health.path,
      startSeconds: health.startSeconds ?? draft.plan.health.startSeconds,
    };
    note("health");
  },
  persist: (draft, { persist }, note) => {
    if (persist === undefined) return;
    draft.plan.persist = persist;
    note("persist");
  },
  limits: (draft, { limits }, note) => {
    if (limits === undefined) return;
    const { memoryMb, buildMemoryMb, buildSeconds } = draft.plan.limits;
    draft.plan.limits = {
      memoryMb: limits.memoryMb ?? memoryMb,
      buildMemoryMb: limits.buildMemoryMb ?? buildMemoryMb,
      buildSeconds: limits.buildSeconds ?? buildSeconds,
    };
    note("limits");
  },
  env: (draft, { env }, note) => {
    if (env === undefined) return;
    Object.assign(draft.plan.env.build, env);
    Object.assign(draft.plan.env.run, env);
    note("env");
  },
};
