import type { BuildPlan, Command, PlanReason, PlanWarning } from "@cloudsmith/contracts";

type Origin = PlanReason["origin"];

/** A plan while it is made: each field that is set leaves its reason, and a later one replaces the earlier. */
export interface Draft {
  readonly plan: BuildPlan;
  readonly reasons: Map<string, PlanReason>;
}

export function newDraft(kind: BuildPlan["kind"], appDir: string): Draft {
  const plan: BuildPlan = {
    version: 1,
    kind,
    framework: null,
    appDir,
    installDir: appDir,
    packageManager: null,
    toolchains: {},
    commands: { install: null, build: null, release: null },
    serve: { type: "static", dir: ".", spa: false, immutable: [] },
    processes: [],
    output: null,
    port: null,
    persist: null,
    limits: { memoryMb: null, buildMemoryMb: null, buildSeconds: null },
    health: { path: "/", startSeconds: 60 },
    env: { build: {}, run: {} },
    expects: [],
    caches: [],
    reasons: [],
    warnings: [],
  };
  return { plan, reasons: new Map() };
}

/** Notes why a field has its value. */
export function because(draft: Draft, field: string, reason: string, origin: Origin = "detected"): void {
  draft.reasons.delete(field);
  draft.reasons.set(field, { field, origin, because: reason });
}

export function warn(draft: Draft, code: string, message: string, fix?: string): void {
  const warning: PlanWarning = fix === undefined ? { code, message } : { code, message, fix };
  if (!draft.plan.warnings.some((known) => known.code === code && known.message === message))
    draft.plan.warnings.push(warning);
}

const shellSyntax = /[|&;<>()$`\\"'*?[\]#~!{}\n]/;

/** A command line of the repository: by argv where it is plain words, else a script for a shell. Leading `NAME=value` words need a shell. */
export function toCommand(text: string): Command {
  const clean = text.trim();
  const words = clean.split(/\s+/);
  if (
    shellSyntax.test(clean) ||
    words[0] === undefined ||
    words[0] === "" ||
    words[0].includes("=") ||
    shellWords.has(words[0])
  )
    return { script: clean };
  return { argv: words };
}

const shellWords = new Set([
  "cd",
  "export",
  "source",
  ".",
  "set",
  "exec",
  "eval",
  "if",
  "for",
  "while",
  "test",
  "true",
  "false",
  "ulimit",
  "umask",
  "exit",
]);

/** A command as a person would type it. */
export function commandText(command: Command): string {
  return "script" in command ? command.script : command.argv.join(" ");
}
