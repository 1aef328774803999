import { padded, type EntityName, type IndexName } from "./entities.ts";

interface PatternDefinition<N extends EntityName, A> {
  readonly entity: N;
  /** `table` reads are strongly consistent; index reads may lag behind the last commits. */
  readonly index: "table" | IndexName;
  readonly pk: (args: A) => string;
  // A row has at most one of the three: DynamoDB takes one condition on a sort key.
  /** Only sort keys below this bound (exclusive). */
  readonly skBefore?: (args: A) => string | undefined;
  /** Only sort keys above this bound (exclusive). */
  readonly skAfter?: (args: A) => string | undefined;
  /** Only this sort key. */
  readonly sk?: (args: A) => string;
}

function pattern<A>() {
  return <N extends EntityName>(definition: PatternDefinition<N, A>): PatternDefinition<N, A> => definition;
}

type InTeam = { readonly teamId: string };
type InProject = InTeam & { readonly projectId: string };
type InEnvironment = InTeam & { readonly environmentId: string };

/** Every way in which the store can be listed. There is no other: a new question is a new row here. */
export const patterns = {
  membersOfTeam: pattern<InTeam>()({ entity: "member", index: "table", pk: (a) => `${a.teamId}#members` }),
  projectsOfTeam: pattern<InTeam>()({ entity: "project", index: "table", pk: (a) => `${a.teamId}#projects` }),
  environmentsOfTeam: pattern<InTeam>()({
    entity: "environment",
    index: "table",
    pk: (a) => `${a.teamId}#environments`,
  }),
  environmentsOfProject: pattern<InProject>()({
    entity: "environment",
    index: "byParent",
    pk: (a) => `${a.teamId}#${a.projectId}#environments`,
  }),
  deploymentsOfTeam: pattern<InTeam>()({ entity: "deployment", index: "table", pk: (a) => `${a.teamId}#deployments` }),
  deploymentsOfEnvironment: pattern<InEnvironment & { readonly beforeSequence?: number }>()({
    entity: "deployment",
    index: "byParent",
    pk: (a) => `${a.teamId}#${a.environmentId}#deployments`,
    skBefore: (a) => (a.beforeSequence === undefined ? undefined : padded(a.beforeSequence)),
  }),
  timelineOfDeployment: pattern<InTeam & { readonly deploymentId: string; readonly after?: number }>()({
    entity: "timelineEntry",
    index: "table",
    pk: (a) => `${a.teamId}#${a.deploymentId}#timeline`,
    skAfter: (a) => (a.after === undefined ? undefined : padded(a.after)),
  }),
  buildsOfProject: pattern<InProject>()({
    entity: "build",
    index: "byParent",
    pk: (a) => `${a.teamId}#${a.projectId}#builds`,
  }),
  sourcesOfProject: pattern<InProject>()({
    entity: "source",
    index: "table",
    pk: (a) => `${a.teamId}#${a.projectId}#sources`,
  }),
  releasesOfEnvironment: pattern<InEnvironment>()({
    entity: "release",
    index: "byParent",
    pk: (a) => `${a.teamId}#${a.environmentId}#releases`,
  }),
  secretVersionsOfEnvironment: pattern<InEnvironment>()({
    entity: "secretVersion",
    index: "table",
    pk: (a) => `${a.teamId}#${a.environmentId}#secret-versions`,
  }),
  activityOfTeam: pattern<InTeam>()({ entity: "activity", index: "table", pk: (a) => `${a.teamId}#activity` }),
  claimsOfScope: pattern<InTeam & { readonly scope: string }>()({
    entity: "claim",
    index: "table",
    pk: (a) => `${a.teamId}#claims#${a.scope}`,
  }),
  jobsOfSubject: pattern<InTeam & { readonly subject: string }>()({
    entity: "job",
    index: "byParent",
    pk: (a) => `${a.teamId}#${a.subject}#jobs`,
  }),
  credentialsOfTeam: pattern<InTeam>()({ entity: "credential", index: "table", pk: (a) => `${a.teamId}#credentials` }),
  flowsOfTeam: pattern<InTeam>()({ entity: "signInFlow", index: "table", pk: (a) => `${a.teamId}#sign-in-flows` }),
  tokensOfTeam: pattern<InTeam>()({ entity: "apiToken", index: "table", pk: (a) => `${a.teamId}#tokens` }),
} as const;

/** Lists across teams, for workers, reconcilers and token look-up only; API code never gets this part of the port. */
export const systemPatterns = {
  /** Jobs of a queue that are ready by, or whose lease ended by, `dueBy` (ISO 8601). */
  dueJobs: pattern<{ readonly queue: string; readonly dueBy: string }>()({
    entity: "job",
    index: "due",
    pk: (a) => `jobs#${a.queue}`,
    skBefore: (a) => `${a.dueBy}~`,
  }),
  unsettledDeployments: pattern<Record<never, never>>()({
    entity: "deployment",
    index: "due",
    pk: () => "unsettled-deployments",
  }),
  /** Environments that a target looks after. */
  environmentsOfTarget: pattern<{ readonly target: string }>()({
    entity: "environment",
    index: "due",
    pk: (a) => `environments#${a.target}`,
  }),
  /** Releases that have not retired, environment by environment; with one given the list begins with its own. */
  currentReleases: pattern<{ readonly environmentId?: string }>()({
    entity: "release",
    index: "due",
    pk: () => "current-releases",
    skAfter: (a) => (a.environmentId === undefined ? undefined : `${a.environmentId}#`),
  }),
  flowByState: pattern<{ readonly stateHash: string }>()({
    entity: "signInFlow",
    index: "due",
    pk: () => "sign-in-flows",
    sk: (a) => a.stateHash,
  }),
  tokenByHash: pattern<{ readonly hash: string }>()({
    entity: "apiToken",
    index: "due",
    pk: () => "token-hashes",
    sk: (a) => a.hash,
  }),
} as const;

export type Patterns = typeof patterns & typeof systemPatterns;
export type PatternName = keyof typeof patterns;
export type SystemPatternName = keyof typeof systemPatterns;
export type PatternArgs<P extends keyof Patterns> = Parameters<Patterns[P]["pk"]>[0];
export type PatternEntity<P extends keyof Patterns> = Patterns[P]["entity"];
/** Whether a list may lag behind the last commits. */
export type PatternConsistency<P extends keyof Patterns> = Patterns[P]["index"] extends "table" ? "strong" : "eventual";
