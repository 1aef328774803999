import { isSettled, type Build, type Failure } from "@cloudsmith/contracts";
import {
  failure,
  moveDeployment,
  retryOnConflict,
  waiterScope,
  waitersOf,
  type DeploymentChange,
} from "@cloudsmith/deployments";
import type { Stored } from "@cloudsmith/store";
import type { BuildrelayContext } from "./context.ts";

/** Takes every deployment that waits for a finished build on. Safe to repeat: one that does not wait any more is left alone. */
export async function followBuild(context: BuildrelayContext, build: Build): Promise<void> {
  for (const deploymentId of await waitersOf(context.store, build))
    await retryOnConflict(() => followOne(context, build, deploymentId));
}

async function followOne(context: BuildrelayContext, build: Build, deploymentId: string): Promise<void> {
  const { teamId } = build;
  const key = { teamId, scope: waiterScope(build.id), name: deploymentId, owner: deploymentId };
  const claim = await context.store.get("claim", key);
  if (claim === undefined) return;
  const deployment = await context.store.get("deployment", { teamId, id: deploymentId });
  const waits =
    deployment !== undefined &&
    !isSettled(deployment.value.state) &&
    deployment.value.state === "building" &&
    deployment.value.buildId === build.id;
  const change = waits ? afterBuild(context, deployment, build) : undefined;
  await context.store.commit({ ...change, deletes: [{ entity: "claim", value: key, if: { version: claim.version } }] });
}

function afterBuild(context: BuildrelayContext, deployment: Stored<"deployment">, build: Build): DeploymentChange {
  const now = context.now();
  if (build.state !== "succeeded") return failure(deployment, build.failure ?? canceledBuild, now);
  return moveDeployment(
    deployment,
    { type: "advance", to: "releasing" },
    {
      now,
      patch: { artifact: build.artifact },
      entry: { type: "build", message: "Built" },
      also: ["deployment.built"],
    },
  );
}

const canceledBuild: Failure = { code: "build-killed", message: "The build was canceled", fix: "Deploy again" };
