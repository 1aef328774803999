import { execFileSync } from "node:child_process";
import { join } from "node:path";
import * as z from "zod";
import { commandText } from "../src/plan/draft.ts";
import { planSource } from "../src/plan/plan-source.ts";

/** What a planner would do, in words; null for what it does not say. */
export const Plan = z.object({
  install: z.string().nullable(),
  build: z.string().nullable(),
  /** The command of a server. */
  start: z.string().nullable(),
  /** The folder of a static site, relative to the app's. */
  folder: z.string().nullable(),
  runtime: z.string().nullable(),
  /** What it takes the app for, or why it has no plan. */
  kind: z.string().nullable(),
});
export type Plan = z.infer<typeof Plan>;

const none: Plan = { install: null, build: null, start: null, folder: null, runtime: null, kind: null };
const minute = 60_000;

export async function ourPlan(root: string, dir: string): Promise<Plan> {
  const planned = await planSource({ root, dir, variables: [] });
  if (!planned.ok) return { ...none, kind: planned.failure.code };
  const { commands, serve, framework, kind, toolchains, output } = planned.plan;
  const text = (command: typeof commands.install): string | null => (command === null ? null : commandText(command));
  return {
    install: text(commands.install),
    build: text(commands.build),
    start: serve.type === "process" ? commandText(serve.start) : null,
    folder: serve.type === "static" ? join(output ?? ".", serve.dir) : null,
    runtime:
      Object.entries(toolchains)
        .map((pair) => pair.join(" "))
        .join(", ") || null,
    kind: framework ?? kind,
  };
}

const Nixpacks = z.object({
  variables: z.record(z.string(), z.string()).default({}),
  phases: z
    .record(z.string(), z.object({ cmds: z.array(z.string()).nullish(), nixPkgs: z.array(z.string()).nullish() }))
    .default({}),
  start: z.object({ cmd: z.string().nullish() }).nullish(),
});

/** `nixpacks plan`. Its Caddy serves a folder for what it takes for a single-page app. */
export function nixpacksPlan(binary: string, app: string): Plan {
  return guarded(() => {
    const { phases, start, variables } = Nixpacks.parse(
      JSON.parse(execFileSync(binary, ["plan", app], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })),
    );
    const commands = (name: string): string | null => phases[name]?.cmds?.join(" && ") ?? null;
    const folder = variables["NIXPACKS_SPA_OUTPUT_DIR"] ?? null;
    return {
      install: commands("install"),
      build: commands("build"),
      start: folder === null ? (start?.cmd ?? null) : null,
      folder,
      runtime: phases["setup"]?.nixPkgs?.join(", ") ?? null,
      kind: variables["NIXPACKS_METADATA"] ?? null,
    };
  });
}

const Setting = z.object({ value: z.string().nullish() }).partial();
const Vercel = z.object({
  framework: z.string().nullable(),
  settings: z.object({ installCommand: Setting, buildCommand: Setting, outputDirectory: Setting }).partial().nullable(),
  builders: z.array(z.object({ use: z.string(), src: z.string() })),
  error: z.string().nullable(),
});

/** `detectFramework` and `detectBuilders` of @vercel/fs-detectors, in a process of their own. */
export function vercelPlan(tools: string, app: string): Plan {
  return guarded(() => {
    const script = join(import.meta.dirname, "vercel-plan.cjs");
    const found = Vercel.parse(
      JSON.parse(execFileSync(process.execPath, [script, tools, app], { encoding: "utf8", timeout: minute })),
    );
    const { framework, settings, builders, error } = found;
    const server = builders.find(({ use }) => use !== "@vercel/static" && use !== "@vercel/static-build");
    // Files without a builder are served as they are.
    const files = server === undefined && framework === null && error === null;
    return {
      install: settings?.installCommand?.value ?? null,
      build: settings?.buildCommand?.value ?? null,
      start: server === undefined ? null : `${server.use} (${server.src})`,
      folder: server === undefined ? (settings?.outputDirectory?.value ?? (files ? "." : null)) : null,
      runtime: null,
      kind: framework ?? error,
    };
  });
}

const Netlify = z.object({
  settings: z
    .array(
      z.object({
        framework: z.object({ id: z.string() }),
        buildCommand: z.string().nullish(),
        dist: z.string().nullish(),
      }),
    )
    .default([]),
  packageManager: z.object({ installCommand: z.string() }).nullish(),
  langRuntimes: z.array(z.object({ name: z.string() })).default([]),
});

/** The command line of @netlify/build-info: the first of its settings. */
export function netlifyPlan(tools: string, root: string, app: string): Plan {
  return guarded(() => {
    const argv = [join(tools, "node_modules", "@netlify", "build-info", "bin.js"), app, "--rootDir", root];
    const found = Netlify.parse(
      JSON.parse(
        execFileSync(process.execPath, argv, {
          encoding: "utf8",
          cwd: root,
          timeout: minute,
          stdio: ["ignore", "pipe", "ignore"],
        }),
      ),
    );
    const first = found.settings[0];
    return {
      install: found.packageManager?.installCommand ?? null,
      build: first?.buildCommand ?? null,
      start: null,
      // Files without a framework and a manager of packages are served as they are.
      folder:
        first?.dist ??
        (first === undefined && found.packageManager == null && found.langRuntimes.length === 0 ? "." : null),
      runtime: found.langRuntimes.map(({ name }) => name).join(", ") || null,
      kind: first?.framework.id ?? null,
    };
  });
}

/** A planner that fails has no plan. */
function guarded(plan: () => Plan): Plan {
  try {
    return plan();
  } catch (error) {
    return {
      ...none,
      kind: `fails: ${error instanceof Error ? (error.message.split("\n")[0] ?? "").slice(0, 80).replace(/\/\S+/g, "…") : "unknown"}`,
    };
  }
}
