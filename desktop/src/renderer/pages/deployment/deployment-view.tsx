import { Box, Flex, Tabs } from "@chakra-ui/react";
import { isSettled, type Deployment, type TimelineEntry } from "@cloudsmith/contracts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { projectOptions } from "../../api/project-options.ts";
import { WindowTitle } from "../../parts/window-title.tsx";
import { common } from "../../words/common.ts";
import { RollbackDialog } from "../../rollback/rollback-dialog.tsx";
import { deployment as words } from "../../words/deployment.ts";
import { useSay } from "../../words/say.ts";
import { CompactDeployment } from "./compact-deployment.tsx";
import { DeploymentHeader, type DeploymentHeaderProps } from "./deployment-header.tsx";
import { DeploymentLogTab } from "./deployment-log-tab.tsx";
import { DeploymentNotices } from "./deployment-notices.tsx";
import { deploymentTabs, type DeploymentTab } from "./deployment-search.ts";
import { ChangesTab, ConfigurationTab } from "./deployment-tabs.tsx";
import { DetailsTab } from "./details-tab.tsx";
import { PlanTab } from "./plan-tab.tsx";
import { StageGraph } from "./stage-graph.tsx";
import { TimelineTab } from "./timeline-tab.tsx";
import { useDeploymentActions } from "./use-deployment-actions.ts";
import { useLinksElsewhere } from "./use-links-elsewhere.ts";
import { useShowDeployment } from "./use-show-deployment.ts";
import { useDeploymentCommands } from "./use-deployment-commands.ts";

export interface DeploymentViewProps {
  readonly deployment: Deployment;
  readonly timeline: readonly TimelineEntry[];
}

/** The page of one deployment; it fills the window, so that the log gets what the rest leaves. */
export function DeploymentView({ deployment, timeline }: DeploymentViewProps) {
  const { window, tab = "log" } = useSearch({ from: "/deployments/$deployment" });
  const place = usePlace(deployment);
  const showDeployment = useShowDeployment();
  const [rollingBack, setRollingBack] = useState(false);
  const actions = useDeploymentActions(deployment, {
    ...place,
    onMade: showDeployment,
    onRollback: () => setRollingBack(true),
  });
  const showTab = useTab();
  const address = { project: place.project, environment: place.environment?.environment.name ?? "production" };
  useDeploymentCommands(deployment, { actions, environment: place.environment, showTab });
  useLinksElsewhere();
  const shown = { deployment, project: place.name, environment: place.environment, actions };
  return (
    <>
      <Title deployment={deployment} project={place.name} />
      {window === "compact" ? (
        <CompactDeployment {...shown} />
      ) : (
        <FullDeployment {...shown} timeline={timeline} tab={tab} showTab={showTab} />
      )}
      {rollingBack && (
        <RollbackDialog
          place={address}
          to={deployment.id}
          onClose={() => setRollingBack(false)}
          onStarted={(started) => {
            setRollingBack(false);
            showDeployment(started);
          }}
        />
      )}
    </>
  );
}

function Title({
  deployment,
  project = "",
}: {
  readonly deployment: Deployment;
  readonly project?: string | undefined;
}) {
  const say = useSay(words);
  const state = useSay(common)(`state.${deployment.state}`);
  return <WindowTitle title={say("window", { state, project, title: say("title", deployment) })} />;
}

type FullDeploymentProps = DeploymentHeaderProps & Omit<DeploymentTabsProps, "shownLine">;

function FullDeployment({ timeline, tab, showTab, ...shown }: FullDeploymentProps) {
  const [shownLine, setShownLine] = useState(0);
  const { deployment, actions } = shown;
  return (
    <Flex direction="column" gap="4" minH="100dvh" px={{ base: "4", md: "8" }} pt={{ base: "4", md: "6" }} pb="4">
      <DeploymentHeader {...shown} />
      <StageGraph deployment={deployment} />
      <DeploymentNotices
        deployment={deployment}
        actions={actions}
        onShowLine={() => {
          showTab("log");
          setShownLine((count) => count + 1);
        }}
      />
      <DeploymentTabs deployment={deployment} timeline={timeline} tab={tab} showTab={showTab} shownLine={shownLine} />
    </Flex>
  );
}

/** The project and environment that a deployment belongs to. */
function usePlace({ projectId, environmentId }: Deployment) {
  const { data } = useQuery(projectOptions(projectId));
  const environment = data?.environments.find((each) => each.environment.id === environmentId);
  return { project: projectId, name: data?.project.name, environment };
}

function useTab(): (tab: DeploymentTab) => void {
  const navigate = useNavigate({ from: "/deployments/$deployment" });
  return (tab) =>
    void navigate({
      search: tab === "log" ? {} : { tab },
      hash: true,
      hashScrollIntoView: false,
      resetScroll: false,
      replace: true,
    });
}

interface DeploymentTabsProps extends DeploymentViewProps {
  readonly tab: DeploymentTab;
  readonly showTab: (tab: DeploymentTab) => void;
  readonly shownLine: number;
}

function DeploymentTabs({ deployment, timeline, tab, showTab, shownLine }: DeploymentTabsProps) {
  const say = useSay(words);
  return (
    <Tabs.Root
      value={tab}
      onValueChange={({ value }) => showTab(deploymentTabs.find((each) => each === value) ?? "log")}
      size="sm"
      variant="line"
      display="flex"
      flexDirection="column"
      flex="1"
      minH="0"
    >
      <Tabs.List overflowX="auto" overflowY="hidden" flexShrink={0}>
        {deploymentTabs.map((each) => (
          <Tabs.Trigger key={each} value={each} whiteSpace="nowrap">
            {say(`tab.${each}`)}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {/* The log stays where it is while another tab is looked at. */}
      <Tabs.Content value="log" p="0" pt="3" flex="1" minH="320px" position="relative">
        <Box position="absolute" inset="0" top="3" borderWidth="1px" borderRadius="lg" overflow="hidden">
          <DeploymentLogTab deployment={deployment} grows={!isSettled(deployment.state)} shownLine={shownLine} />
        </Box>
      </Tabs.Content>
      <Tabs.Content value="timeline">
        <TimelineTab timeline={timeline} createdAt={deployment.createdAt} />
      </Tabs.Content>
      <Tabs.Content value="changes">{tab === "changes" && <ChangesTab deployment={deployment} />}</Tabs.Content>
      <Tabs.Content value="plan">
        <PlanTab deployment={deployment} />
      </Tabs.Content>
      <Tabs.Content value="configuration">
        {tab === "configuration" && <ConfigurationTab deployment={deployment} />}
      </Tabs.Content>
      <Tabs.Content value="details">
        <DetailsTab deployment={deployment} />
      </Tabs.Content>
    </Tabs.Root>
  );
}
