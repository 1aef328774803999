import { monotonicFactory } from "ulid";
import * as z from "zod";

/** What an id's prefix says it names. */
export const idPrefixes = {
  team: "team",
  user: "user",
  project: "prj",
  environment: "env",
  source: "src",
  snapshot: "cfg",
  deployment: "dep",
  build: "bld",
  release: "rel",
  job: "job",
  event: "evt",
  activity: "act",
  secretVersion: "sec",
  session: "ses",
  credential: "crd",
  stream: "str",
  flow: "flw",
} as const;

export type IdKind = keyof typeof idPrefixes;

const nextUlid = monotonicFactory();

/** A new id such as `dep_01k0...`: time-ordered, lower case, safe in file names, URLs and host names (once `_` is cut). */
export function newId(kind: IdKind): string {
  return `${idPrefixes[kind]}_${nextUlid().toLowerCase()}`;
}

/** A schema for ids of one kind; refuses ids of another kind, so that a mix-up ends at the boundary. */
export function idSchema(kind: IdKind) {
  return z
    .string()
    .regex(new RegExp(`^${idPrefixes[kind]}_[0-9a-z]{4,64}$`), `expected an id like ${idPrefixes[kind]}_…`);
}

export const TeamId = idSchema("team");
export const UserId = idSchema("user");
export const ProjectId = idSchema("project");
export const EnvironmentId = idSchema("environment");
export const SourceId = idSchema("source");
export const SnapshotId = idSchema("snapshot");
export const DeploymentId = idSchema("deployment");
export const BuildId = idSchema("build");
export const ReleaseId = idSchema("release");
export const JobId = idSchema("job");
export const SecretVersionId = idSchema("secretVersion");

/** A SHA-256 in hexadecimal with its algorithm in front, as OCI writes it. */
export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
export type Digest = z.infer<typeof Digest>;

/** An instant as ISO 8601 in UTC with milliseconds. */
export const Instant = z.iso.datetime({ precision: 3 });
