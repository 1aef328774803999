import type { Deployment } from "@cloudsmith/contracts";
import { deploymentLogs, type DeploymentLog } from "@cloudsmith/contracts/api";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { lineLink, parseLineLink, type ChosenLines } from "../../log/line-link.ts";
import { LogViewer } from "../../log/log-viewer.tsx";
import type { LogView } from "../../log/log-view.ts";
import { deployment as words } from "../../words/deployment.ts";
import { useSay } from "../../words/say.ts";
import { causeLine } from "./diagnosis.ts";
import { stageTime } from "./stage-graph.tsx";
import { stageNodes } from "./stage-nodes.ts";
import { isReused, LogFollowers, stageOfLog, useDeploymentLog, type DeploymentLogs } from "./use-deployment-log.tsx";

export interface DeploymentLogTabProps {
  readonly deployment: Deployment;
  readonly grows: boolean;
  /** Grows each time the line that the failure points at is to be shown. */
  readonly shownLine: number;
  /** Lines alone, for a small window. */
  readonly bare?: boolean;
}

/** The log of a deployment, part below part. */
export function DeploymentLogTab(props: DeploymentLogTabProps) {
  const logs = useDeploymentLog();
  return (
    <>
      <LogFollowers model={logs.model} deployment={props.deployment} />
      <Viewer {...props} logs={logs} />
    </>
  );
}

function Viewer({
  deployment,
  grows,
  shownLine,
  bare = false,
  logs,
}: DeploymentLogTabProps & { readonly logs: DeploymentLogs }) {
  const describe = useDescription(deployment);
  const navigate = useNavigate();
  const hash = useRouterState({ select: ({ location }) => location.hash });
  const chosen = useMemo(() => parseLineLink(hash, "build"), [hash]);
  const onChoose = useCallback(
    (lines: ChosenLines | undefined) =>
      void navigate({
        to: ".",
        search: true,
        hash: lines === undefined ? "" : lineLink(lines),
        replace: true,
        resetScroll: false,
        hashScrollIntoView: false,
      }),
    [navigate],
  );
  const cause = deployment.failure === null ? undefined : causeLine(deployment.failure);
  const view: LogView = {
    ...logs,
    describe,
    grows,
    cause,
    shownLine,
    file: `/api/deployments/${deployment.id}/log.txt`,
    chosen,
    onChoose,
  };
  return <LogViewer view={view} bare={bare} />;
}

/** Title of each part, and how its stage went. */
function useDescription(deployment: Deployment): LogView["describe"] {
  const say = useSay(words);
  // The time of a stage that goes on is in the graph, not here.
  const nodes = stageNodes(deployment, 0);
  return (section) => {
    const part: DeploymentLog = deploymentLogs.find((each) => each === section) ?? "build";
    const node = nodes.find(({ stage }) => stage === stageOfLog[part]);
    const time = node?.ms === undefined || node.status === "running" ? "" : ` · ${stageTime(node.ms)}`;
    const status = node === undefined ? "" : say(`node.${node.status}`);
    return {
      title: say(`part.${part}`),
      note: isReused(deployment, part) ? say("part.reused") : `${status}${time}`,
    };
  };
}
