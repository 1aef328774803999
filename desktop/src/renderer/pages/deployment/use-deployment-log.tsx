import { isSettled, type Deployment } from "@cloudsmith/contracts";
import { deploymentLogs, type DeploymentLog } from "@cloudsmith/contracts/api";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useLive } from "../../live/use-live.ts";
import { LogModel } from "../../log/log-model.ts";
import { LogSearch } from "../../log/log-search.ts";
import { partSource } from "../../log/log-source.ts";

/** Lines may still be on their way for so long after the end, in milliseconds. */
const lateMs = 15_000;

/** The stage that writes a part of the log. */
export const stageOfLog = {
  prepare: "preparing",
  build: "building",
  release: "releasing",
  start: "verifying",
} as const;

export interface DeploymentLogs {
  readonly model: LogModel;
  readonly search: LogSearch;
}

/** The logs of a deployment, for as long as the component is shown. */
export function useDeploymentLog(): DeploymentLogs {
  const [logs] = useState(() => {
    const model = new LogModel();
    return { model, search: new LogSearch(model) };
  });
  useEffect(() => () => logs.search.stop(), [logs]);
  return logs;
}

/** Fetches and follows every part of the log that there is. */
export function LogFollowers({ model, deployment }: { readonly model: LogModel; readonly deployment: Deployment }) {
  const parts = useMemo(() => deploymentLogs.filter((part) => isThere(deployment, part)), [deployment]);
  return parts.map((part) => <PartFollower key={part} model={model} deployment={deployment} part={part} />);
}

/** Whether a part of the log was begun, here or by the build that is used again. */
function isThere(deployment: Deployment, part: DeploymentLog): boolean {
  return isReused(deployment, part) || deployment.stageTimes.some(({ stage }) => stage === stageOfLog[part]);
}

/** The part was written by an earlier deployment. */
export function isReused({ stageTimes, buildId }: Deployment, part: DeploymentLog): boolean {
  return part === "build" && buildId !== null && !stageTimes.some(({ stage }) => stage === "building");
}

interface PartFollowerProps {
  readonly model: LogModel;
  readonly deployment: Deployment;
  readonly part: DeploymentLog;
}

function PartFollower({ model, deployment, part }: PartFollowerProps) {
  const { id, buildId, releaseId } = deployment;
  const folded = isReused(deployment, part);
  // A build or a release has a log only once it has a name.
  const isNamed = part === "build" ? buildId !== null : part === "start" ? releaseId !== null : true;
  const [mayGrow] = useState(
    () => !isSettled(deployment.state) || Date.now() - Date.parse(deployment.settledAt ?? "") < lateMs,
  );
  useEffect(() => {
    if (!isNamed) return;
    model.addSection(part, partSource(id, part), deploymentLogs, folded);
    void model.open(part);
  }, [model, part, id, folded, isNamed]);
  const after = useSyncExternalStore(model.subscribe, () => model.openedAt(part));
  useLive(
    mayGrow && after !== undefined ? { type: "log", deployment: id, part, after } : undefined,
    (message) => message.type === "log" && model.append(part, message.lines),
  );
  return null;
}
