import { stripVTControlCharacters } from "node:util";

/** A duration in milliseconds as people read it: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 48 * 3600) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d`;
}

/** How long ago an ISO instant was. */
export function formatAgo(at: string, now: number = Date.now()): string {
  const ms = Math.max(0, now - Date.parse(at));
  return ms < 10_000 ? "just now" : `${formatDuration(ms).replace(/ min \d+ s$| min$/, " min")} ago`;
}

/** A number of bytes in steps of 1000: `34 kB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
}

/** Rows in columns of equal width, two spaces apart; widths ignore colours. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_title, column) => Math.max(...all.map((row) => visibleWidth(row[column] ?? ""))));
  return all.map((row) =>
    row
      .map((cell, column) => padCell(cell, widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function padCell(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - visibleWidth(cell)));
}

function visibleWidth(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Text cut to a width, with an ellipsis; control characters of programs are taken out, since they would move the cursor. */
export function fitLine(text: string, width: number): string {
  const clean = stripVTControlCharacters(text)
    .replace(/\t/g, "  ")
    .replace(/[\u0000-\u001F\u007F]/g, "");
  return clean.length <= width ? clean : `${clean.slice(0, Math.max(0, width - 1))}…`;
}
