import type { BuildPlan } from "@cloudsmith/contracts";
import type { plan as words } from "../../words/plan.ts";
import type { Say } from "../../words/say.ts";

export interface PlanRow {
  readonly field: string;
  /** The field as people call it. */
  readonly name: string;
  readonly value: string;
  readonly reasons: BuildPlan["reasons"];
}

type Command = NonNullable<BuildPlan["commands"]["build"]>;

type Field = keyof typeof words extends infer K ? (K extends `plan.${infer F}` ? F : never) : never;

function commandText(command: Command): string {
  return "script" in command ? command.script : command.argv.join(" ");
}

/** What a plan says, field by field as its reasons name them; what is empty is left out, unless a reason says why. */
export function planRows(plan: BuildPlan, say: Say<typeof words>): PlanRow[] {
  const { packageManager, toolchains, commands, serve, processes, health, env, limits } = plan;
  const named = (entries: object): string =>
    Object.entries(entries)
      .filter(([, value]: [string, unknown]) => value !== null)
      .map(([name, value]: [string, unknown]) => `${name} ${String(value)}`)
      .join(", ");
  const values: readonly (readonly [field: Field, value: string | number | null])[] = [
    ["kind", say(`kind.${plan.kind}`)],
    ["framework", plan.framework],
    ["appDir", plan.appDir],
    ["installDir", plan.installDir],
    ["packageManager", packageManager === null ? null : [packageManager.name, packageManager.version].join(" ").trim()],
    ["toolchains", named(toolchains)],
    ["commands.install", commands.install && commandText(commands.install)],
    ["commands.build", commands.build && commandText(commands.build)],
    ["commands.release", commands.release && commandText(commands.release)],
    ["serve", serve.type === "process" ? commandText(serve.start) : say("files", { folder: serve.dir || "." })],
    [
      "processes",
      processes.map(({ name, type, run }) => say(run ? "process" : "process.notRun", { name, type })).join(", "),
    ],
    ["output", plan.output],
    ["port", plan.port],
    ["health", say("health", { path: health.path, seconds: health.startSeconds })],
    ["env.build", named(env.build)],
    ["env.run", named(env.run)],
    ["persist", plan.persist],
    ["limits", named(limits)],
    ["expects", plan.expects.join(", ")],
    ["caches", plan.caches.join(", ")],
  ];
  const rows = values.map(([field, value]) => ({
    field,
    name: say(`plan.${field}`),
    value: value === null || value === "" ? "" : String(value),
    reasons: plan.reasons.filter((reason) => reason.field === field || reason.field.startsWith(`${field}.`)),
  }));
  const told = new Set<string>(rows.map(({ field }) => field));
  const others = plan.reasons.filter(({ field }) => !told.has(field) && !told.has(field.split(".")[0] ?? ""));
  return [
    ...rows.filter(({ value, reasons }) => value !== "" || reasons.length > 0),
    ...others.map((reason) => ({ field: reason.field, name: reason.field, value: "", reasons: [reason] })),
  ];
}
