import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { BuildPlan, stages } from "@cloudsmith/contracts";
import * as z from "zod";
import type { DiagnoseInput } from "../src/diagnose/diagnose.ts";
import { newDraft } from "../src/plan/draft.ts";

const Recording = z.object({
  stage: z.enum(stages),
  plan: BuildPlan.pick({ kind: true, packageManager: true, commands: true, serve: true, limits: true, health: true }),
  exit: z.object({ code: z.number().nullable(), signal: z.string().nullable() }).optional(),
  facts: z
    .object({
      listening: z.array(z.object({ host: z.string(), port: z.number() })),
      httpStatus: z.number(),
      httpBody: z.string(),
      timedOut: z.boolean(),
      port: z.number(),
      container: z.boolean(),
      root: z.string(),
    })
    .partial()
    .optional(),
  log: z.array(z.string()),
});

const mostLines = 240;

/** A failure as it is kept: what the diagnosis was given, without what is this machine's alone. */
export function recordingOf(input: DiagnoseInput, folders: readonly string[]): unknown {
  const { kind, packageManager, commands, serve, limits, health } = input.plan;
  const log =
    input.log.length <= mostLines
      ? input.log
      : [...input.log.slice(0, mostLines / 2), ...input.log.slice(-mostLines / 2)];
  return JSON.parse(
    scrub(
      JSON.stringify({
        ...input,
        plan: { kind, packageManager, commands, serve, limits, health },
        log: log.map((line) => stripVTControlCharacters(line)),
      }),
      folders,
    ),
  );
}

function scrub(text: string, folders: readonly string[]): string {
  const [work = "", cache = "", home = ""] = folders;
  return text
    .replaceAll(work, "/deployments")
    .replaceAll(cache, "/cache")
    .replaceAll(home, "/home/me")
    .replace(
      /https?:\/\/(?!127\.|localhost|registry\.invalid)(?:registry|index|pypi|files|static|proxy|sum|repo|crates|central|repository)[\w.-]*\.(?:org|io|com|net)/g,
      "https://registry.example",
    );
}

/** The input of a kept failure. */
export function readRecording(file: string): DiagnoseInput {
  const { plan, exit, facts, ...rest } = Recording.parse(JSON.parse(readFileSync(file, "utf8")));
  return {
    ...rest,
    plan: { ...newDraft(plan.kind, "").plan, ...plan },
    ...(exit !== undefined && { exit }),
    // A property that is absent in the file is absent here: zod's optional ones are typed as possibly undefined.
    ...(facts !== undefined && { facts: facts as NonNullable<DiagnoseInput["facts"]> }),
  };
}
