import { useSyncExternalStore } from "react";
import { common } from "../words/common.ts";
import { intl, sayer } from "../words/say.ts";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

/** One clock for the whole page; ticks while somebody looks at it. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 10_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function readClock(): number {
  if (timer === undefined) now = Date.now();
  return now;
}

const steps: readonly (readonly [limitSeconds: number, unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  [60 * 60, "minute", 60],
  [24 * 3600, "hour", 3600],
  [30 * 24 * 3600, "day", 24 * 3600],
  [365 * 24 * 3600, "month", 30.44 * 24 * 3600],
  [Infinity, "year", 365.25 * 24 * 3600],
];

/** "2 minutes ago"; times of less than 45 s are "just now". */
export function relativeTime(at: string, from: number): string {
  const seconds = (Date.parse(at) - from) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return sayer(common)("time.now");
  const [, unit, length] = steps.find(([limit]) => size < limit) ?? ["", "year", 365.25 * 24 * 3600];
  const count = Math.round(size / length) || 1;
  return intl.formatRelativeTime(Math.sign(seconds) * count, unit, { numeric: "auto" });
}

/** In the person's zone, to the second. */
export function exactTime(at: string): string {
  return intl.formatDate(at, { dateStyle: "full", timeStyle: "long" });
}

/** How long something took: `8s`, `1m 20s`, `2h 5m`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const unit = (value: number, name: string): string =>
    intl.formatNumber(value, { style: "unit", unit: name, unitDisplay: "narrow" });
  if (seconds < 60) return unit(seconds, "second");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${unit(minutes, "minute")} ${unit(seconds % 60, "second")}`;
  return `${unit(Math.floor(minutes / 60), "hour")} ${unit(minutes % 60, "minute")}`;
}

/** A time as "2 minutes ago", with the exact one on hover and for programs. */
export function Time({ at }: { readonly at: string }) {
  const from = useSyncExternalStore(subscribe, readClock);
  return (
    <time dateTime={at} title={exactTime(at)}>
      {relativeTime(at, from)}
    </time>
  );
}
