import type { BuildPlan, Command, PlanReason, PlanSettings } from "@cloudsmith/contracts";

export const planFieldNames = [
  "framework",
  "packageManager",
  "toolchain",
  "install",
  "build",
  "release",
  "start",
  "output",
  "spa",
  "port",
  "healthPath",
  "startSeconds",
  "persist",
  "memoryMb",
  "buildMemoryMb",
  "buildSeconds",
] as const;
export type PlanFieldName = (typeof planFieldNames)[number];

/** How a field is written: a line of text, a number within bounds, one of some, yes or no. */
export type PlanFieldKind =
  | { readonly type: "text" }
  | { readonly type: "command"; /** An emptied field means that the step is left out. */ readonly canBeNone: boolean }
  | { readonly type: "number"; readonly min: number; readonly max: number }
  | { readonly type: "choice"; readonly of: readonly string[] }
  | { readonly type: "switch" };

interface PlanField {
  readonly kind: PlanFieldKind;
  /** Fields of the plan whose reason is this one's, the surest first. */
  readonly reasons: (plan: BuildPlan) => readonly string[];
  readonly read: (plan: BuildPlan) => string;
  /** The setting that the field is written as; undefined where it is not set. */
  readonly setting: (settings: PlanSettings) => unknown;
  /** Settings with the field as typed; `undefined` takes it away. */
  readonly write: (settings: PlanSettings, typed: string | undefined, plan: BuildPlan | null) => PlanSettings;
}

/** A command as people write it; arguments that a shell would split or change are quoted. */
export function commandText(command: Command | null): string {
  if (command === null) return "";
  if ("script" in command) return command.script;
  return command.argv
    .map((each) => (/^[\w@%+=:,./-]+$/.test(each) ? each : `'${each.replaceAll("'", "'\\''")}'`))
    .join(" ");
}

const number = (value: number | null | undefined): string => (value == null ? "" : String(value));

/** The toolchain that a plan is mainly about. */
export function mainToolchain(plan: BuildPlan): string | undefined {
  return plan.kind in plan.toolchains ? plan.kind : Object.keys(plan.toolchains)[0];
}

type Write = PlanField["write"];
type SimpleKey = "install" | "build" | "release" | "start" | "output" | "persist" | "framework";

function writeText(key: SimpleKey, canBeNone = false): Write {
  return (settings, typed) => {
    const { [key]: _before, ...rest } = settings;
    if (typed === undefined || (typed.trim() === "" && !canBeNone)) return rest;
    return { ...rest, [key]: typed.trim() === "" ? null : typed.trim() };
  };
}

function writeIn(group: "health" | "limits", key: string, read: (typed: string) => string | number | undefined): Write {
  return (settings, typed) => {
    const { [group]: before, ...rest } = settings;
    const others = Object.fromEntries(Object.entries(before ?? {}).filter(([name]) => name !== key));
    const value = typed === undefined ? undefined : read(typed);
    const next = value === undefined ? others : { ...others, [key]: value };
    return Object.keys(next).length === 0 ? rest : { ...rest, [group]: next };
  };
}

function wholeNumber(typed: string): number | undefined {
  const found = /^\s*(\d{1,7})\s*$/.exec(typed)?.[1];
  return found === undefined ? undefined : Number(found);
}

const step = (key: "install" | "build" | "release"): PlanField => ({
  kind: { type: "command", canBeNone: true },
  reasons: () => [`commands.${key}`],
  read: (plan) => commandText(plan.commands[key]),
  setting: (settings) => settings[key],
  write: writeText(key, true),
});

const limit = (key: "memoryMb" | "buildMemoryMb" | "buildSeconds", min: number, max: number): PlanField => ({
  kind: { type: "number", min, max },
  reasons: () => ["limits"],
  read: (plan) => number(plan.limits[key]),
  setting: (settings) => settings.limits?.[key],
  write: writeIn("limits", key, wholeNumber),
});

const managers = ["npm", "pnpm", "yarn", "bun"] as const;

/** Every field of a plan that a person may change, in the order in which they read. */
export const planFields: Readonly<Record<PlanFieldName, PlanField>> = {
  framework: {
    kind: { type: "text" },
    reasons: () => ["framework"],
    read: (plan) => plan.framework ?? "",
    setting: (settings) => settings.framework,
    write: writeText("framework", true),
  },
  packageManager: {
    kind: { type: "choice", of: managers },
    reasons: () => ["packageManager"],
    read: (plan) => plan.packageManager?.name ?? "",
    setting: (settings) => settings.packageManager,
    write: ({ packageManager: _before, ...rest }, typed) => {
      const found = managers.find((name) => name === typed);
      return found === undefined ? rest : { ...rest, packageManager: found };
    },
  },
  toolchain: {
    kind: { type: "text" },
    reasons: (plan) => [`toolchains.${mainToolchain(plan) ?? ""}`],
    read: (plan) => plan.toolchains[mainToolchain(plan) ?? ""] ?? "",
    setting: (settings) => settings.toolchains,
    write: ({ toolchains: _before, ...rest }, typed, plan) => {
      const name = plan === null ? undefined : mainToolchain(plan);
      return typed === undefined || typed.trim() === "" || name === undefined
        ? rest
        : { ...rest, toolchains: { [name]: typed.trim() } };
    },
  },
  install: step("install"),
  build: step("build"),
  release: step("release"),
  start: {
    kind: { type: "command", canBeNone: false },
    reasons: () => ["serve"],
    read: (plan) => (plan.serve.type === "process" ? commandText(plan.serve.start) : ""),
    setting: (settings) => settings.start,
    write: writeText("start"),
  },
  output: {
    kind: { type: "text" },
    reasons: () => ["output", "serve"],
    read: (plan) => plan.output ?? (plan.serve.type === "static" ? plan.serve.dir : ""),
    setting: (settings) => settings.output,
    write: writeText("output"),
  },
  spa: {
    kind: { type: "switch" },
    reasons: () => ["serve.spa", "serve"],
    read: (plan) => String(plan.serve.type === "static" && plan.serve.spa),
    setting: (settings) => settings.spa,
    write: ({ spa: _before, ...rest }, typed) => (typed === undefined ? rest : { ...rest, spa: typed === "true" }),
  },
  port: {
    kind: { type: "number", min: 1, max: 65_535 },
    reasons: () => ["port"],
    read: (plan) => number(plan.port),
    setting: (settings) => settings.port,
    write: ({ port: _before, ...rest }, typed) => {
      const port = typed === undefined ? undefined : wholeNumber(typed);
      return port === undefined ? rest : { ...rest, port };
    },
  },
  healthPath: {
    kind: { type: "text" },
    reasons: () => ["health", "health.path"],
    read: (plan) => plan.health.path,
    setting: (settings) => settings.health?.path,
    write: writeIn("health", "path", (typed) => {
      const path = typed.trim();
      return path === "" ? undefined : path.startsWith("/") ? path : `/${path}`;
    }),
  },
  startSeconds: {
    kind: { type: "number", min: 1, max: 900 },
    reasons: () => ["health", "health.startSeconds"],
    read: (plan) => number(plan.health.startSeconds),
    setting: (settings) => settings.health?.startSeconds,
    write: writeIn("health", "startSeconds", wholeNumber),
  },
  persist: {
    kind: { type: "text" },
    reasons: () => ["persist"],
    read: (plan) => plan.persist ?? "",
    setting: (settings) => settings.persist,
    write: writeText("persist"),
  },
  memoryMb: limit("memoryMb", 64, 1_048_576),
  buildMemoryMb: limit("buildMemoryMb", 128, 1_048_576),
  buildSeconds: limit("buildSeconds", 10, 86_400),
};

/** Fields that say nothing of a kind of app. */
export function fieldApplies(name: PlanFieldName, plan: BuildPlan): boolean {
  const isStatic = plan.serve.type === "static";
  if (name === "spa") return isStatic;
  if (name === "output") return isStatic || plan.output !== null;
  if (name === "packageManager") return plan.kind === "node";
  if (name === "toolchain") return mainToolchain(plan) !== undefined;
  if (["port", "healthPath", "startSeconds", "persist", "memoryMb"].includes(name)) return !isStatic;
  return true;
}

export interface PlanFormRow {
  readonly name: PlanFieldName;
  readonly kind: PlanFieldKind;
  /** What the plan has now. */
  readonly value: string;
  /** What detection alone gives; null where it makes no plan. */
  readonly detected: string | null;
  /** The person set it. */
  readonly overridden: boolean;
  readonly reason: PlanReason | null;
}

/** The rows of the form for a plan, the one that was detected, and what the person has set. */
export function planRows(plan: BuildPlan, detected: BuildPlan | null, settings: PlanSettings): PlanFormRow[] {
  return planFieldNames
    .filter((name) => fieldApplies(name, plan) || planFields[name].setting(settings) !== undefined)
    .map((name) => {
      const field = planFields[name];
      const paths = field.reasons(plan);
      return {
        name,
        kind: field.kind,
        value: field.read(plan),
        detected: detected === null ? null : field.read(detected),
        overridden: field.setting(settings) !== undefined,
        reason:
          paths.map((path) => plan.reasons.find(({ field: at }) => at === path)).find((found) => found !== undefined) ??
          null,
      };
    });
}

/** What is wrong with what was typed, in a word of the catalogue; undefined where it is fine. */
export function problemOf(kind: PlanFieldKind, typed: string): "number" | "range" | undefined {
  if (kind.type !== "number" || typed.trim() === "") return undefined;
  const value = wholeNumber(typed);
  if (value === undefined) return "number";
  return value < kind.min || value > kind.max ? "range" : undefined;
}

/** Settings after a field was typed. What detection gives anyway is not kept as a setting. */
export function editField(
  settings: PlanSettings,
  name: PlanFieldName,
  typed: string,
  plans: { readonly plan: BuildPlan | null; readonly detected: BuildPlan | null },
): PlanSettings {
  const { write, read } = planFields[name];
  const isDetected = plans.detected !== null && read(plans.detected) === typed.trim();
  return write(settings, isDetected ? undefined : typed, plans.plan);
}

/** Settings with a field as it was detected. */
export function resetField(settings: PlanSettings, name: PlanFieldName): PlanSettings {
  return planFields[name].write(settings, undefined, null);
}
