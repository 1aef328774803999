import { Button, Flex, Grid, GridItem } from "@chakra-ui/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChartLine, Table2 } from "lucide-react";
import { useEffect, useState } from "react";
import { api } from "../../api/client.ts";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { FilterGroup } from "../../parts/filter-group.tsx";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { chartNames, hasData, rangeStart, rangeSteps } from "./chart-series.ts";
import { MetricChart } from "./metric-chart.tsx";
import { MetricTable } from "./metric-table.tsx";
import { ranges } from "./project-search.ts";
import type { TabProps } from "./tab-content.tsx";
import { useProjectNavigate, useProjectSearch } from "./use-project-page.ts";

/** How often the figures are asked for, in milliseconds: the app is measured about that often. */
const refreshMs = 10_000;

/** What the environment uses and how it answers: charts, or the same as a table. */
export function MetricsTab({ view, environment }: TabProps) {
  const say = useSay(words);
  const search = useProjectSearch();
  const go = useProjectNavigate(view);
  const range = search.range ?? "hour";
  const now = useNow();
  const points = useQuery(
    api.metrics.query.queryOptions({
      input: {
        project: view.project.id,
        environment: environment.environment.name,
        since: rangeStart(range, now),
        stepSeconds: rangeSteps[range].step,
      },
      placeholderData: keepPreviousData,
      refetchInterval: refreshMs,
      staleTime: 0,
    }),
  );
  const asTable = search.table === true;
  return (
    <>
      <Flex mb="4" gap="2" wrap="wrap" justify="space-between">
        <FilterGroup
          label={say("metrics.range")}
          value={range}
          options={ranges.map((each) => ({ value: each, label: say(`metrics.${each}`) }))}
          onChange={(each) => go({ range: each })}
        />
        <Button size="xs" variant="outline" onClick={() => go({ table: asTable ? undefined : true })}>
          {asTable ? <ChartLine size={14} /> : <Table2 size={14} />}
          {say(asTable ? "metrics.charts" : "metrics.table")}
        </Button>
      </Flex>
      {points.isPending && <RowsSkeleton rows={3} height="180px" />}
      {points.isError && <ErrorPanel error={points.error} onRetry={() => void points.refetch()} />}
      {points.data !== undefined && !hasData(points.data) && (
        <EmptyState icon={ChartLine} title={say("metrics.empty")} text={say("metrics.emptyText")} />
      )}
      {points.data !== undefined && hasData(points.data) && asTable && (
        <MetricTable points={points.data} range={range} />
      )}
      {points.data !== undefined && hasData(points.data) && !asTable && (
        <Grid templateColumns={{ base: "minmax(0, 1fr)", lg: "repeat(2, minmax(0, 1fr))" }} gap="4">
          {chartNames.map((name) => (
            <GridItem key={name} colSpan={{ base: 1, lg: name === "requests" ? 2 : 1 }}>
              <MetricChart name={name} points={points.data} range={range} />
            </GridItem>
          ))}
        </Grid>
      )}
    </>
  );
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), refreshMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}
