import { Badge, Box, Flex, Heading, Text } from "@chakra-ui/react";
import { BellOff } from "lucide-react";
import { useEffect, useState } from "react";
import { AppLink } from "../parts/app-link.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { StatusBadge } from "../parts/status-badge.tsx";
import { Time } from "../parts/time.tsx";
import { deploymentPath } from "../paths.ts";
import { notifications } from "../words/notifications.ts";
import { useSay } from "../words/say.ts";
import { markSeen } from "./seen.ts";
import type { Notice } from "./use-settled.ts";

/** What settled lately; looking at it makes it seen, though it stays marked while one looks. */
export function NoticeList({
  notices,
  onLeave,
}: {
  readonly notices: readonly Notice[];
  readonly onLeave: () => void;
}) {
  const say = useSay(notifications);
  const [fresh] = useState(() => new Set(notices.filter(({ isNew }) => isNew).map(({ deployment }) => deployment.id)));
  const newest = notices[0]?.at;
  useEffect(() => {
    if (newest !== undefined) markSeen(newest);
  }, [newest]);
  return (
    <>
      <Flex justify="space-between" align="center" px="4" py="2.5" borderBottomWidth="1px">
        <Heading as="h2" textStyle="sectionTitle">
          {say("label")}
        </Heading>
        <AppLink to="/settings/notifications" textStyle="small" color="fg.muted" onClick={onLeave}>
          {say("settings")}
        </AppLink>
      </Flex>
      <Box maxH="min(420px, 60vh)" overflowY="auto" tabIndex={0} role="region" aria-label={say("label")}>
        {notices.length === 0 && <EmptyState icon={BellOff} title={say("empty.title")} text={say("empty.text")} />}
        {notices.map((notice) => (
          <Row
            key={notice.deployment.id}
            notice={notice}
            fresh={fresh.has(notice.deployment.id) || notice.isNew}
            onLeave={onLeave}
          />
        ))}
      </Box>
      <Box borderTopWidth="1px" px="4" py="2" textStyle="small">
        <AppLink to="/activity" color="fg.muted" onClick={onLeave}>
          {say("all")}
        </AppLink>
      </Box>
    </>
  );
}

function Row({
  notice: { deployment, project, at },
  fresh,
  onLeave,
}: {
  readonly notice: Notice;
  readonly fresh: boolean;
  readonly onLeave: () => void;
}) {
  const say = useSay(notifications);
  return (
    <Flex
      gap="2"
      px="4"
      py="2.5"
      borderBottomWidth="1px"
      borderColor="border.muted"
      _last={{ borderBottomWidth: 0 }}
      align="start"
    >
      <Box flex="1" minW="0">
        <AppLink to={deploymentPath(deployment.id)} fontWeight="medium" onClick={onLeave}>
          {say(deployment.state === "failed" ? "failed" : "live", { project: project ?? say("aProject") })}
        </AppLink>
        <Text textStyle="small" color="fg.muted" lineClamp={2}>
          {deployment.failure?.message ??
            deployment.commit?.message ??
            say("sequence", { number: deployment.sequence })}
        </Text>
        <Flex gap="2" align="center" textStyle="small" color="fg.muted">
          <StatusBadge status={deployment.state} quiet />
          <Time at={at} />
        </Flex>
      </Box>
      {fresh && (
        <Badge size="sm" colorPalette="accent">
          {say("new")}
        </Badge>
      )}
    </Flex>
  );
}
