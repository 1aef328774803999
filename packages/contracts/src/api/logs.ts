import * as z from "zod";
import { procedure } from "./procedure.ts";
import { EnvironmentAddress } from "./views.ts";

/** The parts of a deployment's log, in their order. */
export const logParts = ["prepare", "build", "release"] as const;
export type LogPart = (typeof logParts)[number];
/** The same, and what the app wrote while it was started and checked; of a live one up to the moment it went live. */
export const deploymentLogs = [...logParts, "start"] as const;
export type DeploymentLog = (typeof deploymentLogs)[number];

export const LogLineView = z.object({
  /** 0, 1, 2, … in its part or release. */
  position: z.number().int().nonnegative(),
  at: z.string(),
  stream: z.enum(["stdout", "stderr", "system"]),
  text: z.string(),
});
export type LogLineView = z.infer<typeof LogLineView>;

const Window = {
  after: z.coerce.number().int().optional(),
  before: z.coerce.number().int().optional(),
  last: z.coerce.number().int().min(1).max(5000).optional(),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
  since: z.iso.datetime().optional(),
  grep: z.string().max(500).optional(),
};
const LogPage = z.object({
  lines: z.array(LogLineView),
  next: z.number().nullable(),
  ended: z.boolean(),
  first: z.number(),
  total: z.number(),
});

const Search = {
  grep: z.string().min(1).max(500).describe("a text, or a /regular expression/ with the flag i if wanted"),
  after: z.coerce.number().int().default(-1),
};
/** Where lines match, a bounded piece of the log at a time: `scanned` is the last position that was looked at, to be passed as `after`. */
const Found = z.object({ positions: z.array(z.number()), scanned: z.number(), total: z.number() });

export const logs = {
  build: procedure(
    "logs.read",
    "GET",
    "/deployments/{deployment}/logs/{part}",
    "Lines of one part of a deployment's log",
  )
    .input(z.object({ deployment: z.string(), part: z.enum(deploymentLogs), ...Window }))
    .output(LogPage),
  searchBuild: procedure(
    "logs.read",
    "GET",
    "/deployments/{deployment}/logs/{part}/search",
    "Positions of the matching lines in one part of a deployment's log",
  )
    .input(z.object({ deployment: z.string(), part: z.enum(deploymentLogs), ...Search }))
    .output(Found),
  searchRun: procedure(
    "logs.read",
    "GET",
    "/projects/{project}/environments/{environment}/logs/search",
    "Positions of the matching lines that the live (or a named) release wrote",
  )
    .input(EnvironmentAddress.extend({ release: z.string().optional(), ...Search }))
    .output(Found),
  run: procedure(
    "logs.read",
    "GET",
    "/projects/{project}/environments/{environment}/logs",
    "Lines that the live (or a named) release wrote",
  )
    .input(EnvironmentAddress.extend({ release: z.string().optional(), ...Window }))
    .output(LogPage.extend({ release: z.string().nullable() })),
};
