import { Box } from "@chakra-ui/react";
import { useEffect, useEffectEvent, useRef, useSyncExternalStore } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { intl } from "../../words/say.ts";
import type { ChartData } from "./chart-series.ts";
import { figure, seriesColors } from "./chart-look.ts";

const height = 172;

interface CanvasProps {
  readonly data: ChartData;
  readonly label: string;
}

/** Draws lines over time; made anew with the theme, since a canvas keeps the colours that it was drawn with. */
export function UPlotCanvas(props: CanvasProps) {
  return <Canvas key={String(useIsDark())} {...props} />;
}

function Canvas({ data, label }: CanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const make = useEffectEvent(
    (element: HTMLElement) => new uPlot(optionsFor(element, data), alignedData(data), element),
  );
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const made = make(element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, []);
  useEffect(() => plot.current?.setData(alignedData(data)), [data]);
  return <Box ref={box} role="img" aria-label={label} height={`${height}px`} overflow="hidden" />;
}

/** Whether the page is dark now, by the person's choice or the system's. */
function useIsDark(): boolean {
  return useSyncExternalStore(watchClass, () => document.documentElement.classList.contains("dark"));
}

function watchClass(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["class"] });
  return () => observer.disconnect();
}

function alignedData({ times, series }: ChartData): uPlot.AlignedData {
  return [[...times], ...series.map(({ values }) => [...values])];
}

/** Colours are read as the page has them now: a canvas knows no variables. */
function colorOf(element: Element, token: string): string {
  return getComputedStyle(element).getPropertyValue(`--cs-colors-${token.replaceAll(".", "-")}`) || "gray";
}

function optionsFor(element: HTMLElement, data: ChartData): uPlot.Options {
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  const axis = {
    stroke: colorOf(element, "fg.subtle"),
    font,
    grid: { stroke: colorOf(element, "border"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    padding: [8, 14, 0, 0],
    scales: { y: { range: (_plot, _min, max) => [0, max === null || max <= 0 ? 1 : max * 1.15] } },
    axes: [
      {
        ...axis,
        size: 22,
        gap: 4,
        grid: { show: false },
        values: (plot, times) => times.map((time) => timeLabel(time, plot.data[0])),
      },
      { ...axis, size: 42, gap: 6, space: 36, values: (_plot, values) => values.map((value) => figure(value)) },
    ],
    series: [
      {},
      ...data.series.map(({ name }, index) => ({
        label: name,
        stroke: colorOf(element, `${seriesColors[name]}.solid`),
        width: 1.5,
        points: { show: true, size: 6, filter: (plot: uPlot, at: number) => alone(plot.data[at] ?? []) },
        spanGaps: false,
        ...(index > 0 ? { dash: [5, 3] } : data.series.length === 1 && { fill: fillOf(element, name) }),
      })),
    ],
  };
}

/** Values between two gaps, of which a line shows nothing. */
function alone(values: ArrayLike<number | null | undefined>): number[] {
  return Array.from(values, (_value, index) => index).filter(
    (index) => values[index] != null && values[index - 1] == null && values[index + 1] == null,
  );
}

function fillOf(element: HTMLElement, name: ChartData["series"][number]["name"]): string {
  return colorOf(element, `${seriesColors[name]}.subtle`);
}

/** The hour, or the day where the range spans several. */
function timeLabel(seconds: number, times: ArrayLike<number>): string {
  const span = (times[times.length - 1] ?? 0) - (times[0] ?? 0);
  return span > 2 * 24 * 3600
    ? intl.formatDate(seconds * 1000, { month: "short", day: "numeric" })
    : intl.formatTime(seconds * 1000, { hour: "2-digit", minute: "2-digit", hour12: false });
}
