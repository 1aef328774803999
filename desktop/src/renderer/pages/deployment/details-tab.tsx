import { Box, chakra, Flex, Stack, Text } from "@chakra-ui/react";
import type { Deployment } from "@cloudsmith/contracts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { exactTime } from "../../parts/time.tsx";
import { deployment as words } from "../../words/deployment.ts";
import { useSay } from "../../words/say.ts";

/** Ids to quote, and everything as it is stored. */
export function DetailsTab({ deployment }: { readonly deployment: Deployment }) {
  const say = useSay(words);
  const raw = JSON.stringify(deployment, undefined, 2);
  const ids = [
    [say("details.id"), deployment.id],
    [say("details.trace"), deployment.traceparent.split("-")[1] ?? deployment.traceparent],
    [say("details.build"), deployment.buildId],
    [say("details.release"), deployment.releaseId],
    [say("details.source"), deployment.sourceId],
    [say("details.artifact"), deployment.artifact],
    [say("details.snapshot"), deployment.snapshotId],
    [say("details.reuses"), deployment.reuses],
  ] as const;
  return (
    <Stack gap="4" textStyle="small">
      <Text color="fg.muted">{say("details.text")}</Text>
      <Box as="dl" display="grid" gridTemplateColumns={{ base: "1fr", sm: "140px 1fr" }} columnGap="4" rowGap="1">
        {ids.map(
          ([label, id]) =>
            id !== null && (
              <Box key={label} display="contents">
                <chakra.dt color="fg.muted">{label}</chakra.dt>
                <chakra.dd display="flex" alignItems="center" gap="1" minW="0">
                  <chakra.code fontFamily="mono" fontSize="xs" overflowWrap="anywhere">
                    {id}
                  </chakra.code>
                  <CopyButton text={id} />
                </chakra.dd>
              </Box>
            ),
        )}
        <chakra.dt color="fg.muted">{say("details.created")}</chakra.dt>
        <chakra.dd>{exactTime(deployment.createdAt)}</chakra.dd>
        {deployment.settledAt !== null && (
          <>
            <chakra.dt color="fg.muted">{say("details.settled")}</chakra.dt>
            <chakra.dd>{exactTime(deployment.settledAt)}</chakra.dd>
          </>
        )}
      </Box>
      <Box>
        <Flex align="center" justify="space-between" mb="1">
          <Text textStyle="label">{say("details.raw")}</Text>
          <CopyButton text={raw} label={say("details.copy")} />
        </Flex>
        <Box
          as="pre"
          tabIndex={0}
          role="region"
          aria-label={say("details.raw")}
          borderWidth="1px"
          borderRadius="lg"
          bg="bg.subtle"
          p="3"
          maxH="480px"
          overflow="auto"
          textStyle="mono"
          fontSize="xs"
          whiteSpace="pre-wrap"
        >
          {raw}
        </Box>
      </Box>
    </Stack>
  );
}
