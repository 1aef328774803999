import { z } from "zod";
import { procedure } from "./procedure.ts";
import { EnvironmentAddress } from "./views.ts";

/** The parts of a deployment's log, in their order. */
export const logParts = ["prepare", "build", "release"] as const;
export type LogPart = (typeof logParts)[number];

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

export const logs = {
  build: procedure(
    "logs.read",
    "GET",
    "/deployments/{deployment}/logs/{part}",
    "Lines of one part of a deployment's log",
  )
    .input(z.object({ deployment: z.string(), part: z.enum(logParts), ...Window }))
    .output(LogPage),
  run: procedure(
    "logs.read",
    "GET",
    "/projects/{project}/environments/{environment}/logs",
    "Lines that the live (or a named) release wrote",
  )
    .input(EnvironmentAddress.extend({ release: z.string().optional(), ...Window }))
    .output(LogPage.extend({ release: z.string().nullable() })),
};
