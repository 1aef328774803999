import { Box, Button, chakra, Flex, Heading, IconButton, Menu, Portal, Text } from "@chakra-ui/react";
import type { Deployment } from "@cloudsmith/contracts";
import type { EnvironmentView } from "@cloudsmith/contracts/api";
import {
  ChevronDown,
  ChevronRight,
  ExternalLink,
  GitCommitHorizontal,
  Folder,
  RotateCcw,
  RotateCw,
  X,
} from "lucide-react";
import type { ReactNode } from "react";
import { openExternal } from "../../native.ts";
import { firstLine } from "../../parts/first-line.ts";
import { AppLink } from "../../parts/app-link.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { StatusBadge } from "../../parts/status-badge.tsx";
import { Time } from "../../parts/time.tsx";
import { common } from "../../words/common.ts";
import { deployment as words } from "../../words/deployment.ts";
import { useSay } from "../../words/say.ts";
import { stageTime } from "./stage-graph.tsx";
import { totalMs } from "./stage-nodes.ts";
import { useNow } from "./use-now.ts";
import type { Action, DeploymentActions } from "./use-deployment-actions.ts";
import { WindowButton } from "./window-button.tsx";

export interface DeploymentHeaderProps {
  readonly deployment: Deployment;
  readonly project: string | undefined;
  readonly environment: EnvironmentView | undefined;
  readonly actions: DeploymentActions;
}

/** What this is, how it stands, where it runs, and what can be done with it. */
export function DeploymentHeader(props: DeploymentHeaderProps) {
  const { deployment, project, environment } = props;
  const say = useSay(words);
  const title = say("title", { sequence: deployment.sequence });
  return (
    <Flex as="header" wrap="wrap" align="end" justify="space-between" columnGap="4" rowGap="1">
      <Flex direction="column" minW="0" flex="1 1 240px" gap="0.5">
        <Crumbs project={project} environment={environment} />
        <Flex align="center" gap="2.5" wrap="wrap">
          <Heading as="h1" textStyle="pageTitle">
            {title}
          </Heading>
          <StatusBadge status={deployment.state} />
          {deployment.cancelRequested && deployment.settledAt === null && (
            <Text textStyle="small" color="fg.warning" fontWeight="medium">
              {say("canceling")}
            </Text>
          )}
        </Flex>
      </Flex>
      <Flex gap="2" wrap="wrap" align="center">
        <Address deployment={deployment} environment={environment} />
        <Actions {...props} />
        <WindowButton id={deployment.id} />
      </Flex>
      <Box flex="1 1 100%" minW="0">
        <Facts deployment={deployment} />
      </Box>
    </Flex>
  );
}

function Crumbs({ project, environment }: Pick<DeploymentHeaderProps, "project" | "environment">) {
  const say = useSay(words);
  const sayCommon = useSay(common);
  if (project === undefined) return <Text textStyle="small">{sayCommon("loading")}</Text>;
  return (
    <Flex as="nav" aria-label={say("crumbs")} gap="1.5" textStyle="small" color="fg.muted" wrap="wrap">
      <AppLink to="/projects/$project" params={{ project }}>
        {project}
      </AppLink>
      {environment !== undefined && (
        <>
          <ChevronRight size={12} aria-hidden />
          <AppLink
            to="/projects/$project/$tab"
            params={{ project, tab: "deployments" }}
            search={{ environment: environment.environment.name }}
          >
            {environment.environment.name}
          </AppLink>
        </>
      )}
    </Flex>
  );
}

/** Commit or folder, who asked, when, how long it took. */
function Facts({ deployment }: { readonly deployment: Deployment }) {
  const say = useSay(words);
  const { commit, source, trigger, requestedBy, createdAt, settledAt } = deployment;
  const now = useNow(settledAt === null);
  const time = stageTime(totalMs(deployment, now));
  return (
    <Flex textStyle="small" color="fg.muted" rowGap="0" wrap="wrap" align="center" minW="0" data-figures>
      <Fact>
        {commit === null ? <Folder size={13} aria-hidden /> : <GitCommitHorizontal size={14} aria-hidden />}
        {commit === null ? (
          <chakra.span truncate>
            {source.type === "folder" ? say("folder", { path: source.path }) : repositoryOf(source)}
          </chakra.span>
        ) : (
          <chakra.span truncate title={commit.message}>
            <chakra.code fontFamily="mono" fontSize="xs" color="fg" me="1.5">
              {commit.sha.slice(0, 7)}
            </chakra.code>
            {firstLine(commit.message)}
          </chakra.span>
        )}
      </Fact>
      <Fact>{say(`trigger.${trigger}`, { name: requestedBy.name })}</Fact>
      <Fact>
        <Time at={createdAt} />
      </Fact>
      <Fact>{settledAt === null ? say("running", { time }) : say("took", { time })}</Fact>
    </Flex>
  );
}

function Fact({ children }: { readonly children: ReactNode }) {
  return (
    <Flex
      as="span"
      display="inline-flex"
      align="center"
      gap="1.5"
      minW="0"
      maxW="full"
      css={{ "& + &::before": { content: "'·'", marginInline: "8px 2px" } }}
    >
      {children}
    </Flex>
  );
}

/** Where the environment answers, if this deployment is what answers there. */
export function Address({ deployment, environment }: Pick<DeploymentHeaderProps, "deployment" | "environment">) {
  const say = useSay(words);
  const { url, plainUrl, liveDeployment } = environment ?? {};
  if (deployment.state !== "live" || environment === undefined) return null;
  if (liveDeployment?.id !== deployment.id)
    return (
      <Text textStyle="small" color="fg.muted">
        {say("notLiveAnyMore")}
      </Text>
    );
  if (url == null) return null;
  return (
    <Flex align="center" gap="0.5">
      <Button asChild size="xs" colorPalette="accent">
        <a
          href={url}
          target="_blank"
          rel="noopener noreferrer"
          onClick={(event) => {
            event.preventDefault();
            openExternal(url);
          }}
        >
          {say("visit")}
          <ExternalLink size={13} />
        </a>
      </Button>
      <Menu.Root positioning={{ placement: "bottom-end" }} lazyMount unmountOnExit>
        <Menu.Trigger asChild>
          <IconButton size="xs" variant="ghost" aria-label={say("plainUrl")}>
            <ChevronDown size={14} />
          </IconButton>
        </Menu.Trigger>
        <Portal>
          <Menu.Positioner>
            <Menu.Content minW="260px">
              {[url, plainUrl].map(
                (address) =>
                  address != null && (
                    <Menu.Item key={address} value={address} onSelect={() => openExternal(address)}>
                      {address}
                    </Menu.Item>
                  ),
              )}
            </Menu.Content>
          </Menu.Positioner>
        </Portal>
      </Menu.Root>
      <CopyButton text={url} name={say("copyUrl")} />
    </Flex>
  );
}

export function Actions({ deployment, actions }: Pick<DeploymentHeaderProps, "deployment" | "actions">) {
  const say = useSay(words);
  if (deployment.settledAt === null)
    return (
      <ActionButton
        action={actions.cancel}
        icon={<X size={14} />}
        label={deployment.cancelRequested ? say("canceling") : say("cancel")}
      />
    );
  return (
    <>
      {deployment.artifact !== null && (
        <ActionButton action={actions.rollback} icon={<RotateCcw size={14} />} label={say("rollback")} />
      )}
      <ActionButton action={actions.redeploy} icon={<RotateCw size={14} />} label={say("redeploy")} />
    </>
  );
}

interface ActionButtonProps {
  readonly action: Action;
  readonly icon: ReactNode;
  readonly label: string;
}

/** A button that says why it cannot be pressed; it stays reachable, so that the reason is too. */
function ActionButton({ action: { hindrance, pending, run }, icon, label }: ActionButtonProps) {
  return (
    <Button
      size="xs"
      variant="outline"
      loading={pending}
      aria-disabled={hindrance !== undefined}
      title={hindrance}
      opacity={hindrance === undefined ? 1 : 0.6}
      cursor={hindrance === undefined ? "pointer" : "not-allowed"}
      onClick={() => hindrance === undefined && run()}
    >
      {icon}
      {label}
    </Button>
  );
}

function repositoryOf(source: Exclude<Deployment["source"], { type: "folder" }>): string {
  return source.type === "git" ? source.url : source.name;
}
