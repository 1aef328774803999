import { newId, type Build, type BuildPlan, type Deployment, type Source } from "@cloudsmith/contracts";
import { moveDeployment, newJob, retryOnConflict, unsettled, waitForBuild, type Lease } from "@cloudsmith/deployments";
import { newEvent } from "@cloudsmith/events";
import type { Put, Stored } from "@cloudsmith/store";
import type { BuildrelayContext } from "./context.ts";

interface Wanted {
  readonly key: string;
  readonly plan: BuildPlan;
  readonly source: Source;
}

const keyScope = "build-key";

/**
 * Ends `preparing`: an equal build that succeeded is used again, one that runs is joined, else a new one is asked for.
 * The claim on the build's key makes two deployments that ask at the same moment share one.
 */
export function attachBuild(context: BuildrelayContext, lease: Lease, wanted: Wanted): Promise<void> {
  return retryOnConflict(async () => {
    const { teamId } = lease.job;
    const current = await unsettled(context.store, { teamId, deploymentId: lease.job.subject });
    if (current?.value.state !== "preparing") return lease.finish({});
    const claim = await context.store.get("claim", { teamId, scope: keyScope, name: wanted.key });
    const build = claim === undefined ? undefined : await context.store.get("build", { teamId, id: claim.value.owner });
    if (build !== undefined && (await isUsable(context, build.value)))
      return reuse(context, lease, current, wanted, build);
    if (build !== undefined && (build.value.state === "queued" || build.value.state === "running"))
      return join(context, lease, current, wanted, build);
    return ask(context, lease, current, wanted, claim);
  });
}

async function isUsable(context: BuildrelayContext, build: Build): Promise<boolean> {
  if (build.state !== "succeeded" || build.artifact === null) return false;
  return context.blobs.renew({ teamId: build.teamId, kind: "artifact" }, build.artifact);
}

function planPatch(deployment: Deployment, plan: BuildPlan): Partial<Deployment> {
  return { plan, warnings: [...deployment.warnings, ...plan.warnings] };
}

function reuse(
  context: BuildrelayContext,
  lease: Lease,
  current: Stored<"deployment">,
  { plan }: Wanted,
  { value: build, version }: Stored<"build">,
): Promise<void> {
  const change = moveDeployment(
    current,
    { type: "advance", to: "releasing" },
    {
      now: context.now(),
      patch: { ...planPatch(current.value, plan), buildId: build.id, buildReused: true, artifact: build.artifact },
      entry: { type: "build", message: "Nothing that the build depends on has changed: its artifact is used again" },
      also: ["deployment.built"],
    },
  );
  // Written unchanged: a collector that saw nobody use it finds another version and leaves it.
  return lease.finish({ ...change, puts: [...change.puts, { entity: "build", value: build, if: { version } }] });
}

function join(
  context: BuildrelayContext,
  lease: Lease,
  current: Stored<"deployment">,
  { plan }: Wanted,
  build: Stored<"build">,
): Promise<void> {
  const change = moveDeployment(
    current,
    { type: "advance", to: "building" },
    {
      now: context.now(),
      patch: { ...planPatch(current.value, plan), buildId: build.value.id, buildReused: true },
      entry: { type: "build", message: "An equal build is running already: waiting for it" },
    },
  );
  return lease.finish({
    ...change,
    puts: [...change.puts, waitForBuild(change.value, build.value.id)],
    checks: [{ entity: "build", value: build.value, if: { version: build.version } }],
  });
}

function ask(
  context: BuildrelayContext,
  lease: Lease,
  current: Stored<"deployment">,
  wanted: Wanted,
  claim: Stored<"claim"> | undefined,
): Promise<void> {
  const { teamId, projectId, environmentId, snapshotId } = current.value;
  const now = context.now();
  const build: Build = {
    id: newId("build"),
    teamId,
    projectId,
    key: wanted.key,
    sourceId: wanted.source.id,
    snapshotId,
    plan: wanted.plan,
    state: "queued",
    artifact: null,
    manifest: null,
    failure: null,
    createdAt: now.toISOString(),
    startedAt: null,
    finishedAt: null,
  };
  const change = moveDeployment(
    current,
    { type: "advance", to: "building" },
    {
      now,
      patch: { ...planPatch(current.value, wanted.plan), buildId: build.id },
      entry: { type: "plan", message: describe(wanted.plan) },
    },
  );
  const keyClaim: Put = {
    entity: "claim",
    value: { teamId, scope: keyScope, name: wanted.key, owner: build.id },
    if: claim === undefined ? "absent" : { version: claim.version },
  };
  return lease.finish({
    puts: [
      ...change.puts,
      keyClaim,
      waitForBuild(change.value, build.id),
      { entity: "build", value: build, if: "absent" },
      newJob({ queue: "build", subject: build.id, teamId, projectId, now }),
    ],
    events: [
      ...change.events,
      newEvent("build.queued", { teamId, projectId, buildId: build.id }, { partitionkey: environmentId }),
    ],
  });
}

function describe(plan: BuildPlan): string {
  const manager = plan.packageManager === null ? "" : ` with ${plan.packageManager.name}`;
  return `Building ${plan.framework ?? plan.kind}${manager}`;
}
