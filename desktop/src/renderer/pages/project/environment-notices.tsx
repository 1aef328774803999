import { Box, Button, Flex, Text } from "@chakra-ui/react";
import type { EnvironmentView, ProjectView } from "@cloudsmith/contracts/api";
import { CirclePause, CircleX, Diff, LoaderCircle, RotateCw, TriangleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { AppLink } from "../../parts/app-link.tsx";
import { DeploymentLink } from "../../parts/deployment-link.tsx";
import { StatusBadge } from "../../parts/status-badge.tsx";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import type { ProjectActions } from "./use-project-actions.ts";

interface Shown {
  readonly environment: EnvironmentView;
}

const mostNamed = 6;

/** What was changed after the live deployment, and the button that brings it. */
export function PendingNotice({ environment, redeploy }: Shown & Pick<ProjectActions, "redeploy">) {
  const say = useSay(words);
  const { changesPending } = environment;
  if (changesPending.length === 0) return null;
  const named = changesPending.slice(0, mostNamed).map(({ name, change }) => say(`pending.${change}`, { name }));
  const rest = changesPending.length - named.length;
  return (
    <Notice
      tone="blue"
      icon={Diff}
      title={say("pending.title", { count: changesPending.length })}
      action={
        <Button size="xs" colorPalette="accent" loading={redeploy.isPending} onClick={() => redeploy.mutate()}>
          <RotateCw size={13} />
          {say("redeploy")}
        </Button>
      }
    >
      {[...named, ...(rest > 0 ? [say("pending.more", { count: rest })] : [])].join(", ")}
    </Notice>
  );
}

/** A rollback paused automatic deployments. */
export function PausedNotice({ environment, resume }: Shown & Pick<ProjectActions, "resume">) {
  const say = useSay(words);
  if (environment.environment.automaticDeployments === "on") return null;
  return (
    <Notice
      tone="amber"
      icon={CirclePause}
      title={say("paused.title")}
      action={
        <Button size="xs" variant="outline" loading={resume.isPending} onClick={() => resume.mutate()}>
          {say("paused.resume")}
        </Button>
      }
    >
      {say("paused.text")}
    </Notice>
  );
}

/** A deployment that has not settled. */
export function ActiveNotice({ environment: { activeDeployment: active } }: Shown) {
  const say = useSay(words);
  if (active === null) return null;
  return (
    <Notice
      tone="blue"
      icon={LoaderCircle}
      title={say("overview.active", { sequence: active.sequence })}
      action={
        <Button asChild size="xs" variant="outline">
          <DeploymentLink id={active.id}>{say("overview.follow")}</DeploymentLink>
        </Button>
      }
    >
      <StatusBadge status={active.state} quiet />
    </Notice>
  );
}

/** The newest deployment failed; what was live before, if anything was, still is. */
export function FailedNotice({ environment: { lastDeployment: last, activeDeployment: active } }: Shown) {
  const say = useSay(words);
  if (active !== null || last === null || last.state !== "failed") return null;
  return (
    <Notice
      tone="red"
      icon={CircleX}
      title={say("overview.failed", { sequence: last.sequence })}
      action={
        <Button asChild size="xs" variant="outline">
          <DeploymentLink id={last.id}>{say("overview.failedOpen")}</DeploymentLink>
        </Button>
      }
    >
      {last.failure?.message}
    </Notice>
  );
}

/** Why it keeps crashing, in the last words that it printed. */
export function CrashNotice({ view, environment: { environment, observed } }: Shown & { readonly view: ProjectView }) {
  const say = useSay(words);
  if (observed.state !== "crashing" || observed.detail === null) return null;
  return (
    <Notice
      tone="red"
      icon={TriangleAlert}
      title={say("overview.crashing")}
      action={
        <Button asChild size="xs" variant="outline">
          <AppLink
            to="/projects/$project/$tab"
            params={{ project: view.project.name, tab: "logs" }}
            search={{ environment: environment.name }}
          >
            {say("overview.logs")}
          </AppLink>
        </Button>
      }
    >
      <Box as="pre" textStyle="mono" fontSize="xs" whiteSpace="pre-wrap" maxH="160px" overflow="auto" tabIndex={0}>
        {observed.detail}
      </Box>
    </Notice>
  );
}

function Notice({
  tone,
  icon: Icon,
  title,
  action,
  children,
}: {
  readonly tone: "blue" | "amber" | "red";
  readonly icon: LucideIcon;
  readonly title: string;
  readonly action: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <Flex
      colorPalette={tone}
      bg="colorPalette.subtle"
      borderTopWidth="1px"
      borderColor="border.muted"
      px="4"
      py="2.5"
      gap="3"
      align="start"
      wrap={{ base: "wrap", sm: "nowrap" }}
    >
      <Box color="colorPalette.fg" pt="0.5" aria-hidden>
        <Icon size={16} />
      </Box>
      <Box flex="1 1 200px" minW="0" textStyle="small">
        <Text fontWeight="medium">{title}</Text>
        <Box color="fg.muted">{children}</Box>
      </Box>
      {action}
    </Flex>
  );
}
