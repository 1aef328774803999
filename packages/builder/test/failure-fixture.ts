import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PlanSettings } from "@cloudsmith/contracts";
import * as z from "zod";

export const failuresFolder = join(import.meta.dirname, "..", "fixtures", "failures");
export const logsFolder = join(import.meta.dirname, "..", "fixtures", "logs");

/** What `expectation.json` of a fixture says. */
export const Expectation = z
  .object({
    stage: z.enum(["preparing", "building", "releasing", "verifying"]),
    code: z.string(),
    /** Stands in the line at which the log is opened. */
    line: z.string().optional(),
    /** Stand in the message or the fix. */
    names: z.array(z.string()).default([]),
    suggestion: PlanSettings.optional(),
    /** Run among the tests of every change; the others run with the slow ones. */
    fast: z.boolean().default(false),
    /** "builder": known without a log, by a bound or by what the build left. */
    by: z.enum(["log", "builder"]).default("log"),
    /** Commands of the kind's own tools, where the app is not built by its plan; the last one fails, or `start` does. */
    kind: z.enum(["python", "go", "rust", "java"]).optional(),
    commands: z.array(z.string()).default([]),
    start: z.string().optional(),
    /** A Git address in place of the folder. */
    git: z.string().optional(),
    /** Commands that make a repository of a copy of the folder (`git init` was run), which is the source then; and what of it is asked for. */
    repository: z.array(z.string()).optional(),
    ref: z.string().optional(),
    /** Of the source. */
    limits: z
      .object({
        maxBytes: z.number().default(2e9),
        maxFiles: z.number().default(200_000),
        seconds: z.number().default(600),
      })
      .optional(),
    dir: z.string().default(""),
    env: z.record(z.string(), z.string()).default({}),
    /** A server of the test: a registry that answers with this status, or never (0); its address is in TEST_REGISTRY. Or a port that is taken (TEST_PORT). */
    registry: z.number().optional(),
    /** Seconds that the app has to answer. */
    seconds: z.number().default(20),
    container: z.boolean().optional(),
  })
  .strict();
export type Expectation = z.infer<typeof Expectation>;

export interface FailureFixture extends Expectation {
  readonly name: string;
}

/** All fixtures that fail, by name. */
export function failureFixtures(): FailureFixture[] {
  return readdirSync(failuresFolder)
    .toSorted()
    .map((name) => ({
      name,
      ...Expectation.parse(JSON.parse(readFileSync(join(failuresFolder, name, "expectation.json"), "utf8"))),
    }));
}
