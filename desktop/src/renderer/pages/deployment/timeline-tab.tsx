import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import type { TimelineEntry } from "@cloudsmith/contracts";
import { Rows3 } from "lucide-react";
import { EmptyState } from "../../parts/empty-state.tsx";
import { exactTime } from "../../parts/time.tsx";
import { common } from "../../words/common.ts";
import { deployment as words } from "../../words/deployment.ts";
import { useSay } from "../../words/say.ts";
import { stageTime } from "./stage-graph.tsx";

/** Colours of what stands out; the word beside the dot says the same. */
const tones: Partial<Record<TimelineEntry["type"] | TimelineEntry["state"], string>> = {
  live: "green.solid",
  failed: "red.solid",
  failure: "red.solid",
  warning: "amber.solid",
  "cancel-requested": "amber.solid",
};

/** Everything that happened to a deployment, in its order, on a rail of time. */
export function TimelineTab({
  timeline,
  createdAt,
}: {
  readonly timeline: readonly TimelineEntry[];
  readonly createdAt: string;
}) {
  const say = useSay(words);
  if (timeline.length === 0) return <EmptyState icon={Rows3} title={say("timeline.empty")} text="" />;
  return (
    <Box as="ol" listStyleType="none" maxW="880px" pt="1">
      {timeline.map((entry, index) => (
        <Entry key={entry.number} entry={entry} createdAt={createdAt} isLast={index === timeline.length - 1} />
      ))}
    </Box>
  );
}

interface EntryProps {
  readonly entry: TimelineEntry;
  readonly createdAt: string;
  readonly isLast: boolean;
}

function Entry({ entry: { number, at, state, type, message }, createdAt, isLast }: EntryProps) {
  const say = useSay(words);
  const sayCommon = useSay(common);
  const title = type === "state" ? sayCommon(`state.${state}`) : say(`timeline.type.${type}`);
  return (
    <Flex as="li" gap="3" textStyle="small" data-entry={number}>
      <chakra.time dateTime={at} color="fg.muted" width="72px" flexShrink={0} textAlign="end" title={exactTime(at)}>
        {say("timeline.after", { time: stageTime(Math.max(0, Date.parse(at) - Date.parse(createdAt))) })}
      </chakra.time>
      <Flex direction="column" align="center" flexShrink={0} aria-hidden>
        <Box
          boxSize="9px"
          mt="5px"
          borderRadius="full"
          bg={tones[type === "state" ? state : type] ?? (type === "state" ? "accent.solid" : "border.emphasized")}
        />
        {!isLast && <Box flex="1" width="1px" mt="1" bg="border" />}
      </Flex>
      <Flex wrap="wrap" columnGap="2" minW="0" pb={isLast ? "0" : "3"}>
        <Text fontWeight="medium">{title}</Text>
        {message !== title && (
          <Text minW="0" color={type === "failure" ? "fg.error" : type === "warning" ? "fg.warning" : "fg.muted"}>
            {message}
          </Text>
        )}
      </Flex>
    </Flex>
  );
}
