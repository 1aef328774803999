import { Box, chakra } from "@chakra-ui/react";
import type { MetricPoint } from "@cloudsmith/contracts/api";
import { project as words } from "../../words/project.ts";
import { intl, useSay } from "../../words/say.ts";
import { chartData, chartNames, seriesOf, tableRows } from "./chart-series.ts";
import { figure } from "./chart-look.ts";
import type { Range } from "./project-search.ts";

const Table = chakra("table", {
  base: {
    width: "full",
    textStyle: "small",
    "& th, & td": {
      px: { base: "2", xl: "3" },
      py: "1.5",
      textAlign: "end",
      borderBottomWidth: "1px",
      whiteSpace: "nowrap",
    },
    "& th:first-of-type": { textAlign: "start" },
    "& thead th": { color: "fg.muted", fontWeight: "medium", position: "sticky", top: 0, bg: "bg.subtle" },
    "& tbody th": { fontWeight: "normal" },
    "& tbody tr:last-of-type > *": { borderBottomWidth: 0 },
  },
});

/** The figures of the charts as rows, the newest first. */
export function MetricTable({ points, range }: { readonly points: readonly MetricPoint[]; readonly range: Range }) {
  const say = useSay(words);
  const rows = tableRows(points);
  const columns = chartNames.flatMap((chart) =>
    chartData(chart, rows, range).series.map((series) => ({ ...series, chart })),
  );
  return (
    <Box borderWidth="1px" borderRadius="lg" bg="bg.panel" overflow="auto" maxH="70vh" tabIndex={0}>
      <Table>
        <thead>
          <tr>
            <th scope="col">{say("metrics.time")}</th>
            {columns.map(({ name, chart }) => (
              <th key={name} scope="col">
                {seriesOf[chart].length === 1
                  ? say(`metrics.${chart}`)
                  : `${say(`metrics.${chart}`)}, ${say(`metrics.series.${name}`)}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at }, index) => (
            <tr key={at}>
              <th scope="row">
                {range === "hour"
                  ? intl.formatTime(at, { timeStyle: "medium" })
                  : intl.formatDate(at, { dateStyle: "short", timeStyle: "short" })}
              </th>
              {columns.map(({ name, values }) => (
                <td key={name}>{figure(values[index] ?? null)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </Box>
  );
}
