import { Box, Button, Flex, Heading, Text } from "@chakra-ui/react";
import { isSettled, type Deployment } from "@cloudsmith/contracts";
import type { EnvironmentView } from "@cloudsmith/contracts/api";
import { StatusBadge } from "../../parts/status-badge.tsx";
import { deployment as words } from "../../words/deployment.ts";
import { useSay } from "../../words/say.ts";
import { Actions, Address } from "./deployment-header.tsx";
import { DeploymentLogTab } from "./deployment-log-tab.tsx";
import { StageGraph, stageTime } from "./stage-graph.tsx";
import { stageNodes, totalMs } from "./stage-nodes.ts";
import type { DeploymentActions } from "./use-deployment-actions.ts";
import { useNow } from "./use-now.ts";
import { useResize, WindowButton } from "./window-button.tsx";

export interface CompactDeploymentProps {
  readonly deployment: Deployment;
  readonly project: string | undefined;
  readonly environment: EnvironmentView | undefined;
  readonly actions: DeploymentActions;
}

/** A deployment in a small window: where it is, what can be done now, and the end of its log. */
export function CompactDeployment(props: CompactDeploymentProps) {
  const { deployment, project } = props;
  const say = useSay(words);
  return (
    <Flex direction="column" gap="1.5" height="100dvh" px="3" pt="2" pb="3">
      <Flex as="header" align="center" gap="2">
        <Heading as="h1" textStyle="sectionTitle" flex="1" minW="0" truncate>
          {say("window.name", { project: project ?? "", sequence: deployment.sequence })}
        </Heading>
        <StatusBadge status={deployment.state} />
        <WindowButton id={deployment.id} />
      </Flex>
      <StageGraph deployment={deployment} compact />
      <Flex align="center" gap="2" minH="28px">
        <Headline deployment={deployment} />
        {deployment.state === "live" && <Address {...props} />}
        {deployment.settledAt === null && <Actions {...props} />}
      </Flex>
      <Box position="relative" flex="1" minH="0" borderWidth="1px" borderRadius="md" overflow="hidden">
        <DeploymentLogTab deployment={deployment} grows={!isSettled(deployment.state)} shownLine={0} bare />
      </Box>
    </Flex>
  );
}

/** The stage that it is in and for how long; what went wrong; or how long it all took. */
function Headline({ deployment }: { readonly deployment: Deployment }) {
  const say = useSay(words);
  const resize = useResize();
  const now = useNow(deployment.settledAt === null);
  const time = stageTime(totalMs(deployment, now));
  if (deployment.failure !== null)
    return (
      <>
        <Text textStyle="small" color="fg.error" flex="1" minW="0" lineClamp="2" title={deployment.failure.message}>
          {deployment.failure.message}
        </Text>
        <Button size="2xs" variant="outline" onClick={() => resize("full")}>
          {say("window.why")}
        </Button>
      </>
    );
  const current = stageNodes(deployment, now).find(({ status }) => status === "running" || status === "canceling");
  return (
    <Text textStyle="small" color="fg.muted" flex="1" minW="0" truncate>
      {current === undefined
        ? say("took", { time })
        : say("window.stage", { stage: say(`stage.${current.stage}`), time: stageTime(current.ms ?? 0) })}
    </Text>
  );
}
