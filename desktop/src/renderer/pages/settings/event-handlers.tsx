import { Box, Button, chakra, Flex, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { Section } from "../../parts/section.tsx";
import { Time } from "../../parts/time.tsx";
import { toast, toastError } from "../../parts/toast.ts";
import { diagnostics } from "../../words/diagnostics.ts";
import { useSay } from "../../words/say.ts";

const Table = chakra("table", { base: { width: "full", textStyle: "small", borderCollapse: "collapse" } });
const Head = chakra("th", {
  base: { textAlign: "start", fontWeight: "medium", color: "fg.muted", px: "4", py: "1.5", borderBottomWidth: "1px" },
});
const Cell = chakra("td", { base: { px: "4", py: "1.5" } });

/** Consumer groups, what waits for them, and what they gave up. */
export function EventHandlers() {
  const say = useSay(diagnostics);
  const status = useQuery(api.events.status.queryOptions({ refetchInterval: 5000 }));
  const given = status.data?.some(({ deadLetters }) => deadLetters > 0) === true;
  return (
    <Section title={say("events.title")} detail={say("events.detail")}>
      {status.isPending && <RowsSkeleton rows={3} height="28px" />}
      {status.isError && <ErrorPanel error={status.error} onRetry={() => void status.refetch()} />}
      {status.data !== undefined && (
        <Box borderWidth="1px" borderRadius="lg" overflow="hidden" bg="bg.panel">
          <Table>
            <thead>
              <tr>
                <Head>{say("events.group")}</Head>
                <Head textAlign="end">{say("events.lag")}</Head>
                <Head textAlign="end">{say("events.dead")}</Head>
              </tr>
            </thead>
            <tbody>
              {status.data.map(({ group, lag, deadLetters }) => (
                <tr key={group}>
                  <Cell data-check={group}>{group}</Cell>
                  <Cell textAlign="end">{lag}</Cell>
                  <Cell textAlign="end" color={deadLetters > 0 ? "fg.error" : "inherit"}>
                    {deadLetters}
                  </Cell>
                </tr>
              ))}
            </tbody>
          </Table>
        </Box>
      )}
      {given && <DeadLetters />}
    </Section>
  );
}

function DeadLetters() {
  const say = useSay(diagnostics);
  const queries = useQueryClient();
  const letters = useQuery(api.events.deadLetters.queryOptions({ input: { limit: 100 } }));
  const again = { onSettled: () => queries.invalidateQueries({ queryKey: api.events.key() }), onError: toastError };
  const replay = useMutation(
    api.events.replay.mutationOptions({ ...again, onSuccess: () => toast({ title: say("letters.replayed") }) }),
  );
  const discard = useMutation(
    api.events.discard.mutationOptions({ ...again, onSuccess: () => toast({ title: say("letters.discarded") }) }),
  );
  const busy = replay.isPending || discard.isPending;
  return (
    <Box mt="4">
      <Text fontWeight="medium">{say("letters.title")}</Text>
      <Text textStyle="small" color="fg.muted" mb="2">
        {say("letters.detail")}
      </Text>
      <Box
        as="ul"
        aria-label={say("letters.list")}
        listStyleType="none"
        borderWidth="1px"
        borderRadius="lg"
        bg="bg.panel"
      >
        {letters.data?.items.map(({ id, type, group, error, attempts, failedAt }) => (
          <Flex
            as="li"
            key={id}
            gap="3"
            px="4"
            py="2"
            wrap="wrap"
            borderBottomWidth="1px"
            _last={{ borderBottomWidth: 0 }}
          >
            <Box flex="1 1 240px" minW="0">
              <Text fontWeight="medium">{type}</Text>
              <Text textStyle="small" color="fg.muted">
                {[group, say("letters.attempts", { count: attempts })].join(" · ")} <Time at={failedAt} />
              </Text>
              <Text textStyle="mono" fontSize="xs" color="fg.error" lineClamp={3}>
                {error}
              </Text>
            </Box>
            <Flex gap="2" align="center">
              <Button size="xs" variant="outline" disabled={busy} onClick={() => replay.mutate({ id })}>
                {say("letters.replay")}
              </Button>
              <Button size="xs" variant="ghost" disabled={busy} onClick={() => discard.mutate({ id })}>
                {say("letters.discard")}
              </Button>
            </Flex>
          </Flex>
        ))}
      </Box>
    </Box>
  );
}
