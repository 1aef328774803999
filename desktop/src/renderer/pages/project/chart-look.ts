import { intl } from "../../words/say.ts";
import type { SeriesName } from "./chart-series.ts";

/** Colours that read on both themes; the second of a pair is dashed as well, so that colour is not needed. */
export const seriesColors: Readonly<Record<SeriesName, string>> = {
  requests: "accent",
  p50: "accent",
  p95: "amber",
  s4: "amber",
  s5: "red",
  cpu: "accent",
  memory: "accent",
};

/** A figure as it stands beside a chart. */
export function figure(value: number | null): string {
  if (value === null) return "–";
  return intl.formatNumber(value, { maximumFractionDigits: value < 10 ? 1 : 0 });
}
