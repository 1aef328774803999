import { Box, Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Activity } from "lucide-react";
import { api } from "../../api/client.ts";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { Page } from "../../parts/page.tsx";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { Time } from "../../parts/time.tsx";
import { activity } from "../../words/activity.ts";
import { useSay } from "../../words/say.ts";

/** Who did what, newest first. */
export function ActivityPage() {
  const say = useSay(activity);
  const list = useQuery(api.activity.list.queryOptions({ input: { limit: 100 } }));
  return (
    <Page title={say("title")}>
      {list.isPending && <RowsSkeleton />}
      {list.isError && <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && (
        <EmptyState icon={Activity} title={say("empty.title")} text={say("empty.text")} />
      )}
      <Box>
        {list.data?.items.map((item) => (
          <Flex key={item.id} gap="3" py="2" borderBottomWidth="1px" textStyle="small">
            <Text fontWeight="medium">{item.actor.name}</Text>
            <Text flex="1" minW="0">
              {item.detail}
            </Text>
            <Text color="fg.muted">
              <Time at={item.at} />
            </Text>
          </Flex>
        ))}
      </Box>
    </Page>
  );
}
