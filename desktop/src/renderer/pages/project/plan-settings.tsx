import { Box, Button, Flex, Spinner, Text } from "@chakra-ui/react";
import type { PlanSettings } from "@cloudsmith/contracts";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, client } from "../../api/client.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { Section } from "../../parts/section.tsx";
import { toast } from "../../parts/toast.ts";
import { PlanRows } from "../../plan/plan-rows.tsx";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { RefusedPlan } from "../review/refused-plan.tsx";
import type { TabProps } from "./tab-content.tsx";
import { useChangeProject } from "./use-change-project.ts";

/** The plan of the source as it is now, and what the project's settings make of it. */
export function PlanSettingsSection({ view, environment }: TabProps) {
  const say = useSay(words);
  const { project } = view;
  const [edited, setEdited] = useState<PlanSettings>();
  const settings = edited ?? project.settings;
  const changed = JSON.stringify(settings) !== JSON.stringify(project.settings);
  const review = useQuery(
    api.sources.review.queryOptions({
      input: {
        source: project.source,
        project: project.id,
        environment: environment.environment.name,
        settings,
      },
      placeholderData: keepPreviousData,
      staleTime: 60_000,
      retry: false,
      refetchOnWindowFocus: false,
    }),
  );
  const save = useChangeProject(
    () => client.projects.update({ project: project.id, settings }),
    () => {
      setEdited(undefined);
      void toast({ title: say("settings.saved"), description: say("settings.savedText") });
    },
  );
  const { data } = review;
  return (
    <>
      {data !== undefined && data.plan === null ? (
        <RefusedPlan
          review={data}
          settings={settings}
          disabled={save.isPending}
          onSettings={setEdited}
          onAgain={() => void review.refetch()}
        />
      ) : (
        <Section
          title={say("settings.plan")}
          detail={say("settings.planText")}
          actions={review.isFetching && <Spinner size="xs" aria-label={say("settings.planLoading")} />}
        >
          {review.isPending && <RowsSkeleton rows={6} />}
          {review.isError && <ErrorPanel error={review.error} onRetry={() => void review.refetch()} />}
          {data?.plan != null && (
            <PlanRows
              plan={data.plan}
              detected={data.detected}
              settings={settings}
              disabled={save.isPending}
              onChange={setEdited}
            />
          )}
        </Section>
      )}
      {save.isError && (
        <Box mb="4">
          <ErrorPanel error={save.error} />
        </Box>
      )}
      {changed && (
        <Flex mt="-4" mb="8" gap="2" align="center" role="status">
          <Text textStyle="small" color="fg.muted" flex="1">
            {say("settings.savedText")}
          </Text>
          <Button size="sm" variant="outline" disabled={save.isPending} onClick={() => setEdited(undefined)}>
            {say("settings.discard")}
          </Button>
          <Button size="sm" colorPalette="accent" loading={save.isPending} onClick={() => save.mutate(undefined)}>
            {say("settings.save")}
          </Button>
        </Flex>
      )}
    </>
  );
}
