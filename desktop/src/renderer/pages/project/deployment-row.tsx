import { Button, Flex, Text } from "@chakra-ui/react";
import { isSettled, type Deployment } from "@cloudsmith/contracts";
import { CircleCheck, Undo2 } from "lucide-react";
import { firstLine } from "../../parts/first-line.ts";
import { DeploymentLink } from "../../parts/deployment-link.tsx";
import { StatusBadge } from "../../parts/status-badge.tsx";
import { duration, Time } from "../../parts/time.tsx";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";

export interface DeploymentRowProps {
  readonly deployment: Deployment;
  /** It is what runs now. */
  readonly isLive: boolean;
  readonly onRollback: () => void;
}

/** One deployment of the history. */
export function DeploymentRow({ deployment, isLive, onRollback }: DeploymentRowProps) {
  const say = useSay(words);
  const { id, sequence, state, trigger, requestedBy, commit, createdAt, settledAt, failure } = deployment;
  const why = whyNot(deployment, isLive);
  return (
    <Flex align="center" gap="4" px="4" py="2" minH="60px" wrap={{ base: "wrap", md: "nowrap" }}>
      <Flex direction="column" flex={{ base: "1 1 240px", md: "1 1 0" }} minW="0">
        <DeploymentLink id={id} primary>
          <Text as="span" color="fg.muted" me="2">
            {say("deployments.number", { sequence })}
          </Text>
          {commit === null ? say("deployments.folder") : firstLine(commit.message)}
        </DeploymentLink>
        <Text textStyle="small" color={failure === null ? "fg.muted" : "fg.error"} truncate>
          {failure === null
            ? `${say(`trigger.${trigger}`)} ${say("overview.by", { name: requestedBy.name })}${commit === null ? "" : ` · ${commit.sha.slice(0, 7)}`}`
            : failure.message}
        </Text>
      </Flex>
      <Flex align="center" gap="2" flex={{ md: "0 0 112px" }} wrap="wrap">
        {state === "live" && !isLive ? <WasLive /> : <StatusBadge status={state} quiet />}
      </Flex>
      <Flex
        textStyle="small"
        color="fg.muted"
        flex={{ md: "0 0 112px" }}
        direction={{ base: "row", md: "column" }}
        columnGap="2"
        data-figures
      >
        <Time at={createdAt} />
        {settledAt !== null && <span>{duration(Date.parse(settledAt) - Date.parse(createdAt))}</span>}
      </Flex>
      <Button
        size="xs"
        variant="outline"
        flexShrink={0}
        aria-disabled={why !== undefined}
        opacity={why === undefined ? 1 : 0.6}
        cursor={why === undefined ? "pointer" : "not-allowed"}
        title={why === undefined ? say("deployments.rollbackTo", { sequence }) : say(why)}
        aria-label={say("deployments.rollbackTo", { sequence })}
        onClick={() => why === undefined && onRollback()}
      >
        <Undo2 size={13} />
        {say("deployments.rollback")}
      </Button>
    </Flex>
  );
}

/** It settled as live, and another one took its place since. */
function WasLive() {
  const say = useSay(words);
  return (
    <Flex as="span" align="center" gap="1.5" color="fg.muted" fontSize="sm" fontWeight="medium" data-status="was-live">
      <CircleCheck size={14} aria-hidden />
      {say("deployments.wasLive")}
    </Flex>
  );
}

/** Why it cannot be gone back to, as a word of the catalogue. */
function whyNot({ state, artifact }: Deployment, isLive: boolean) {
  if (isLive) return "deployments.isLive" as const;
  if (!isSettled(state)) return "deployments.underway" as const;
  return artifact === null ? ("deployments.noArtifact" as const) : undefined;
}
