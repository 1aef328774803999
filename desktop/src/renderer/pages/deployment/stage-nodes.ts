import { stages, type Deployment, type Stage } from "@cloudsmith/contracts";

/** How a stage stands; the word, the shape and the colour of its node follow. */
export type NodeStatus =
  | "waiting"
  | "running"
  | "canceling"
  | "done"
  | "reused"
  | "skipped"
  | "failed"
  | "canceled"
  | "superseded"
  | "not-reached";

export interface StageNode {
  readonly stage: Stage | "live";
  readonly status: NodeStatus;
  /** How long it took, or takes until now, in milliseconds. */
  readonly ms: number | undefined;
}

type Shown = Pick<Deployment, "state" | "stageTimes" | "settledAt" | "cancelRequested" | "buildReused" | "reuses">;

/** The stages of a deployment with their times, at the moment `now` (milliseconds since 1970). */
export function stageNodes(deployment: Shown, now: number): StageNode[] {
  const reached = Math.max(...deployment.stageTimes.map(({ stage }) => stages.indexOf(stage)), 0);
  const nodes = stages.map((stage, index): StageNode => {
    const time = deployment.stageTimes.find((each) => each.stage === stage);
    if (time === undefined) return { stage, status: untouched(deployment, stage, index < reached), ms: undefined };
    const end = time.finishedAt ?? deployment.settledAt;
    const ms = Math.max(0, (end === null ? now : Date.parse(end)) - Date.parse(time.startedAt));
    return { stage, status: index === reached ? atLast(deployment) : "done", ms };
  });
  return [...nodes, { stage: "live", status: liveStatus(deployment), ms: undefined }];
}

/** A stage that this deployment did not go through, or not yet. */
function untouched({ state, settledAt, buildReused, reuses }: Shown, stage: Stage, isPassed: boolean): NodeStatus {
  if (!isPassed && state !== "live") return settledAt === null ? "waiting" : "not-reached";
  return stage === "building" && (buildReused || reuses !== null) ? "reused" : "skipped";
}

/** The stage that a deployment came to last: it is in it, or it ended there. */
function atLast({ state, cancelRequested }: Shown): NodeStatus {
  if (state === "live") return "done";
  if (state === "failed" || state === "canceled" || state === "superseded") return state;
  return cancelRequested ? "canceling" : "running";
}

function liveStatus({ state, settledAt }: Shown): NodeStatus {
  if (state === "live") return "done";
  return settledAt === null ? "waiting" : "not-reached";
}

/** From the request to its end, or until now. */
export function totalMs({ createdAt, settledAt }: Pick<Deployment, "createdAt" | "settledAt">, now: number): number {
  return Math.max(0, (settledAt === null ? now : Date.parse(settledAt)) - Date.parse(createdAt));
}
