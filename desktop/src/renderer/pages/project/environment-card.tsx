import { Box, Button, chakra, Flex, Grid, Heading, Link, Text } from "@chakra-ui/react";
import type { EnvironmentView, ProjectView } from "@cloudsmith/contracts/api";
import { CirclePlay, ExternalLink, RotateCw, Square } from "lucide-react";
import { useId, type ReactNode } from "react";
import { firstLine } from "../../parts/first-line.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { DeploymentLink } from "../../parts/deployment-link.tsx";
import { StatusBadge } from "../../parts/status-badge.tsx";
import { Time } from "../../parts/time.tsx";
import { project as words } from "../../words/project.ts";
import { intl, useSay } from "../../words/say.ts";
import { ActiveNotice, CrashNotice, FailedNotice, PausedNotice, PendingNotice } from "./environment-notices.tsx";
import { useProjectActions, type ProjectActions } from "./use-project-actions.ts";

export interface EnvironmentCardProps {
  readonly view: ProjectView;
  readonly environment: EnvironmentView;
}

/** An environment: what runs, where, since when, what it uses, and what waits. */
export function EnvironmentCard({ view, environment: shown }: EnvironmentCardProps) {
  const id = useId();
  const { environment, observed } = shown;
  const actions = useProjectActions({ project: view.project.id, environment: environment.name });
  return (
    <Box as="section" aria-labelledby={id} borderWidth="1px" borderRadius="lg" bg="bg.panel" overflow="hidden">
      <Flex align="center" gap="3" px="4" py="3" wrap="wrap">
        <Heading as="h2" id={id} textStyle="sectionTitle">
          {environment.name}
        </Heading>
        <StatusBadge status={observed.state} />
        <Address environment={shown} />
        <Buttons view={view} environment={shown} actions={actions} />
      </Flex>
      <CrashNotice view={view} environment={shown} />
      <FailedNotice environment={shown} />
      <ActiveNotice environment={shown} />
      <PendingNotice environment={shown} redeploy={actions.redeploy} />
      <PausedNotice environment={shown} resume={actions.resume} />
      <Facts view={view} environment={shown} />
    </Box>
  );
}

function Address({ environment: { url } }: Pick<EnvironmentCardProps, "environment">) {
  const say = useSay(words);
  if (url === null)
    return (
      <Text textStyle="small" color="fg.muted" flex="1">
        {say("overview.noAddress")}
      </Text>
    );
  return (
    <Flex align="center" gap="1" flex="1" minW="0">
      <Link href={url} target="_blank" rel="noreferrer" fontWeight="medium" color="accent.fg" truncate>
        {url.replace(/^https?:\/\//, "").replace(/\/$/, "")}
        <ExternalLink size={13} aria-hidden />
      </Link>
      <CopyButton text={url} />
    </Flex>
  );
}

function Buttons({
  view,
  environment: { environment },
  actions: { stop, start, deploy },
}: EnvironmentCardProps & { readonly actions: ProjectActions }) {
  const say = useSay(words);
  const leaving = view.project.state === "destroying";
  const { name } = environment;
  if (environment.live === null)
    return (
      <Button
        size="xs"
        variant="outline"
        disabled={leaving}
        loading={deploy.isPending}
        title={say("deploy.title", { environment: name })}
        onClick={() => deploy.mutate()}
      >
        <RotateCw size={13} />
        {say("deploy")}
      </Button>
    );
  return environment.desired === "stopped" ? (
    <Button size="xs" variant="outline" disabled={leaving} loading={start.isPending} onClick={() => start.mutate()}>
      <CirclePlay size={13} />
      {say("start")}
    </Button>
  ) : (
    <Button size="xs" variant="outline" disabled={leaving} loading={stop.isPending} onClick={() => stop.mutate()}>
      <Square size={13} />
      {say("stop")}
    </Button>
  );
}

const List = chakra("dl", { base: { display: "contents" } });

function Facts({ environment: { liveDeployment: live, observed } }: EnvironmentCardProps) {
  const say = useSay(words);
  return (
    <Grid
      templateColumns={{
        base: "minmax(0, 1fr)",
        sm: "minmax(0, 1fr) minmax(0, 1fr)",
        lg: "minmax(0, 3fr) repeat(3, minmax(80px, 1fr))",
      }}
      gap="4"
      px="4"
      py="3"
      borderTopWidth="1px"
      borderColor="border.muted"
    >
      <List>
        <Fact label={say("overview.deployment")}>
          {live === null ? (
            <Text color="fg.muted">{say("overview.none")}</Text>
          ) : (
            <>
              <DeploymentLink id={live.id}>
                {[say("deployments.number", { sequence: live.sequence }), firstLine(live.commit?.message ?? "")].join(
                  " ",
                )}
              </DeploymentLink>
              <Text textStyle="small" color="fg.muted">
                <Time at={live.settledAt ?? live.createdAt} /> {say("overview.by", { name: live.requestedBy.name })}
                {live.commit !== null && ` · ${live.commit.sha.slice(0, 7)}`}
              </Text>
            </>
          )}
        </Fact>
        <Fact label={say("overview.restarts")}>{intl.formatNumber(observed.restarts)}</Fact>
        <Fact label={say("overview.memory")}>
          <Measured value={observed.memoryMb} unit="MB" />
        </Fact>
        <Fact label={say("overview.cpu")}>
          <Measured value={observed.cpuPercent} unit="%" />
        </Fact>
      </List>
    </Grid>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Box minW="0">
      <Text as="dt" textStyle="small" color="fg.muted">
        {label}
      </Text>
      <Box as="dd">{children}</Box>
    </Box>
  );
}

function Measured({ value, unit }: { readonly value: number | null; readonly unit: string }) {
  const say = useSay(words);
  if (value === null)
    return (
      <Text as="span" color="fg.muted" title={say("overview.unknown")}>
        {say("overview.dash")}
      </Text>
    );
  return `${intl.formatNumber(value, { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`;
}
