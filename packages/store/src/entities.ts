import {
  Activity,
  ApiToken,
  Build,
  Claim,
  Credential,
  Deployment,
  Environment,
  Job,
  Member,
  Project,
  Release,
  SecretVersion,
  SignInFlow,
  Snapshot,
  Source,
  Team,
  TimelineEntry,
} from "@cloudsmith/contracts";
import * as z from "zod";

/** Remembers that a consumer group has applied an event, so that its effects happen once. */
export const ProcessedEvent = z.object({ teamId: z.string(), group: z.string(), eventId: z.string() });

/** Where an item stands: a partition that begins with its team's id, and a sort key in it. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

interface EntityDefinition<S extends z.ZodType> {
  readonly schema: S;
  /** The primary key, from the value alone. */
  readonly key: (value: z.infer<S>) => ItemKey;
  /** Entries in the secondary indexes, which may lag on some adapters; undefined leaves the item out. */
  readonly indexes?: { readonly [I in IndexName]?: (value: z.infer<S>) => ItemKey | undefined };
  /** Seconds after which the adapter may drop the item. */
  readonly ttlSeconds?: number;
}

/** Secondary indexes. `byParent` is read within a team; `due` is the one index across teams, read by workers and reconcilers only. */
export const indexNames = ["byParent", "due"] as const;
export type IndexName = (typeof indexNames)[number];

function entity<S extends z.ZodType>(definition: EntityDefinition<S>): EntityDefinition<S> {
  return definition;
}

/** Numbers in sort keys, padded so that text order is number order. */
export const padded = (n: number): string => String(n).padStart(12, "0");

/** Everything that the store can hold, one row each. */
export const entities = {
  team: entity({ schema: Team, key: (v) => ({ pk: `${v.id}#team`, sk: "team" }) }),
  member: entity({ schema: Member, key: (v) => ({ pk: `${v.teamId}#members`, sk: v.userId }) }),
  project: entity({ schema: Project, key: (v) => ({ pk: `${v.teamId}#projects`, sk: v.id }) }),
  environment: entity({
    schema: Environment,
    key: (v) => ({ pk: `${v.teamId}#environments`, sk: v.id }),
    indexes: {
      byParent: (v) => ({ pk: `${v.teamId}#${v.projectId}#environments`, sk: v.name }),
      due: (v) => ({ pk: `environments#${v.target}`, sk: v.id }),
    },
  }),
  snapshot: entity({ schema: Snapshot, key: (v) => ({ pk: `${v.teamId}#snapshots`, sk: v.id }) }),
  source: entity({ schema: Source, key: (v) => ({ pk: `${v.teamId}#${v.projectId}#sources`, sk: v.id }) }),
  deployment: entity({
    schema: Deployment,
    key: (v) => ({ pk: `${v.teamId}#deployments`, sk: v.id }),
    indexes: {
      byParent: (v) => ({ pk: `${v.teamId}#${v.environmentId}#deployments`, sk: padded(v.sequence) }),
      due: (v) => (v.settledAt === null ? { pk: "unsettled-deployments", sk: `${v.createdAt}#${v.id}` } : undefined),
    },
  }),
  timelineEntry: entity({
    schema: TimelineEntry,
    key: (v) => ({ pk: `${v.teamId}#${v.deploymentId}#timeline`, sk: padded(v.number) }),
  }),
  build: entity({
    schema: Build,
    key: (v) => ({ pk: `${v.teamId}#builds`, sk: v.id }),
    indexes: { byParent: (v) => ({ pk: `${v.teamId}#${v.projectId}#builds`, sk: `${v.createdAt}#${v.id}` }) },
  }),
  release: entity({
    schema: Release,
    key: (v) => ({ pk: `${v.teamId}#releases`, sk: v.id }),
    indexes: {
      byParent: (v) => ({ pk: `${v.teamId}#${v.environmentId}#releases`, sk: padded(v.sequence) }),
      due: (v) => (v.retiredAt === null ? { pk: "current-releases", sk: `${v.environmentId}#${v.id}` } : undefined),
    },
  }),
  secretVersion: entity({
    schema: SecretVersion,
    key: (v) => ({ pk: `${v.teamId}#${v.environmentId}#secret-versions`, sk: v.id }),
  }),
  activity: entity({ schema: Activity, key: (v) => ({ pk: `${v.teamId}#activity`, sk: v.id }) }),
  claim: entity({ schema: Claim, key: (v) => ({ pk: `${v.teamId}#claims#${v.scope}`, sk: v.name }) }),
  job: entity({
    schema: Job,
    key: (v) => ({ pk: `${v.teamId}#jobs`, sk: v.id }),
    indexes: {
      byParent: (v) => ({ pk: `${v.teamId}#${v.subject}#jobs`, sk: v.id }),
      due: (v) =>
        v.state === "ready" || v.state === "claimed"
          ? { pk: `jobs#${v.queue}`, sk: `${v.state === "claimed" ? v.leaseUntil : v.notBefore}#${v.id}` }
          : undefined,
    },
  }),
  apiToken: entity({
    schema: ApiToken,
    key: (v) => ({ pk: `${v.teamId}#tokens`, sk: v.id }),
    indexes: { due: (v) => ({ pk: "token-hashes", sk: v.hash }) },
  }),
  credential: entity({ schema: Credential, key: (v) => ({ pk: `${v.teamId}#credentials`, sk: v.id }) }),
  signInFlow: entity({
    schema: SignInFlow,
    key: (v) => ({ pk: `${v.teamId}#sign-in-flows`, sk: v.id }),
    indexes: { due: (v) => ({ pk: "sign-in-flows", sk: v.stateHash }) },
    ttlSeconds: 24 * 3600,
  }),
  processedEvent: entity({
    schema: ProcessedEvent,
    key: (v) => ({ pk: `${v.teamId}#processed#${v.group}`, sk: v.eventId }),
    ttlSeconds: 30 * 24 * 3600,
  }),
} as const;

export type EntityName = keyof typeof entities;
export type EntityOf<N extends EntityName> = z.infer<(typeof entities)[N]["schema"]>;
