import { Box, Flex, Text } from "@chakra-ui/react";
import type { Deployment } from "@cloudsmith/contracts";
import { ArrowRightFromLine, Ban, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { AppLink } from "../../parts/app-link.tsx";
import { deployment as words } from "../../words/deployment.ts";
import { useSay } from "../../words/say.ts";
import { DiagnosisCard } from "./diagnosis-card.tsx";
import type { DeploymentActions } from "./use-deployment-actions.ts";

export interface DeploymentNoticesProps {
  readonly deployment: Deployment;
  readonly actions: DeploymentActions;
  readonly onShowLine: () => void;
}

/** What a person has to know of how it ended, and what to do. */
export function DeploymentNotices({ deployment, actions, onShowLine }: DeploymentNoticesProps) {
  const say = useSay(words);
  const { failure, state, supersededBy, warnings } = deployment;
  return (
    <>
      {failure !== null && (
        <DiagnosisCard failure={failure} deployment={deployment} actions={actions} onShowLine={onShowLine} />
      )}
      {state === "canceled" && (
        <Notice icon={<Ban size={16} />} title={say("canceled.title")}>
          {say("canceled.text")}
        </Notice>
      )}
      {state === "superseded" && (
        <Notice icon={<ArrowRightFromLine size={16} />} title={say("superseded.title")}>
          {supersededBy !== null && (
            <AppLink to="/deployments/$deployment" params={{ deployment: supersededBy }} textDecoration="underline">
              {say("superseded.open")}
            </AppLink>
          )}
        </Notice>
      )}
      {warnings.length > 0 && (
        <Notice
          icon={<TriangleAlert size={16} />}
          title={say("warning.title", { count: warnings.length })}
          tone="warning"
        >
          {warnings.map(({ code, message, fix }) => (
            <Text key={`${code} ${message}`}>{fix === undefined ? message : `${message}. ${fix}`}</Text>
          ))}
        </Notice>
      )}
    </>
  );
}

interface NoticeProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly tone?: "warning";
  readonly children: ReactNode;
}

function Notice({ icon, title, tone, children }: NoticeProps) {
  const isWarning = tone === "warning";
  return (
    <Flex
      gap="2.5"
      px="3"
      py="2"
      borderWidth="1px"
      borderRadius="lg"
      textStyle="small"
      borderColor={isWarning ? "amber.border" : "border"}
      bg={isWarning ? "bg.warning" : "bg.subtle"}
    >
      <Box color={isWarning ? "fg.warning" : "fg.muted"} pt="0.5" aria-hidden>
        {icon}
      </Box>
      <Box minW="0">
        <Text fontWeight="medium">{title}</Text>
        <Box color="fg.muted">{children}</Box>
      </Box>
    </Flex>
  );
}
