import { Box, Flex, Heading, Text } from "@chakra-ui/react";
import type { MetricPoint } from "@cloudsmith/contracts/api";
import { useId, useMemo } from "react";
import { exactTime } from "../../parts/time.tsx";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { figure, seriesColors } from "./chart-look.ts";
import { chartData, latest, type ChartName } from "./chart-series.ts";
import type { Range } from "./project-search.ts";
import { UPlotCanvas } from "./uplot-canvas.tsx";

const units = {
  requests: "metrics.perMinute",
  latency: "metrics.ms",
  errors: "metrics.perMinute",
  cpu: "metrics.percent",
  memory: "metrics.mb",
} as const satisfies Record<ChartName, string>;

export interface MetricChartProps {
  readonly name: ChartName;
  readonly points: readonly MetricPoint[];
  readonly range: Range;
}

/** A chart with its newest figures; the table beside it says the same to people who do not see it. */
export function MetricChart({ name, points, range }: MetricChartProps) {
  const say = useSay(words);
  const id = useId();
  const data = useMemo(() => chartData(name, points, range), [name, points, range]);
  const title = say(`metrics.${name}`);
  const first = points[0];
  const last = points.at(-1);
  return (
    <Box
      as="section"
      aria-labelledby={id}
      borderWidth="1px"
      borderRadius="lg"
      bg="bg.panel"
      px="4"
      pt="3"
      pb="3"
      data-chart={name}
    >
      <Flex align="baseline" columnGap="2" mb="2" wrap="wrap">
        <Heading as="h2" id={id} textStyle="sectionTitle">
          {title}
        </Heading>
        <Text textStyle="small" color="fg.muted">
          {say(units[name])}
        </Text>
        <Flex gap="3" ms="auto" textStyle="small" data-figures>
          {data.series.map((series, index) => (
            <Flex key={series.name} align="center" gap="1.5">
              <Box
                width="12px"
                height="0"
                borderTopWidth="2px"
                borderTopStyle={index === 0 ? "solid" : "dashed"}
                borderColor={`${seriesColors[series.name]}.solid`}
                aria-hidden
              />
              <Text color="fg.muted">{say(`metrics.series.${series.name}`)}</Text>
              <Text fontWeight="medium" data-latest={series.name}>
                {figure(latest(series.values))}
              </Text>
            </Flex>
          ))}
        </Flex>
      </Flex>
      <UPlotCanvas
        data={data}
        label={say("metrics.describe", {
          name: title,
          from: first === undefined ? "" : exactTime(first.at),
          to: last === undefined ? "" : exactTime(last.at),
          latest: data.series.map(({ values }) => figure(latest(values))).join(", "),
        })}
      />
    </Box>
  );
}
