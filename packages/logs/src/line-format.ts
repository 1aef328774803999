import type { LogLine, PositionedLine } from "./log-store.ts";

/** The most bytes of text in one line; longer ones are split. */
export const maxLineBytes = 16 * 1024;

const mark = "…";
const markBytes = Buffer.byteLength(mark);
const newline = 0x0a;

/** `2026-01-31T10:00:00.000Z o text`: people can read a segment with any tool. */
const letters = { stdout: "o", stderr: "e", system: "s" } as const;
const streams: Readonly<Record<string, LogLine["stream"]>> = { o: "stdout", e: "stderr", s: "system" };
const timeLength = 24;
const textStart = timeLength + 3;

/** The lines, newline included, that one line is stored as: one, unless it has newlines in it or is too long. */
export function encodeLine(at: string, stream: LogLine["stream"], text: string): string[] {
  const head = `${storedTime(at)} ${letters[stream]} `;
  const lines = text.includes("\n") ? text.split("\n") : [text];
  return lines.flatMap((line) => pieces(line.endsWith("\r") ? line.slice(0, -1) : line)).map((p) => `${head}${p}\n`);
}

/** The line that stands where lines were cut to keep the log within its limit. */
export function cutLine(position: number, at: number, count: number): PositionedLine {
  const text = `${count} ${count === 1 ? "line was" : "lines were"} cut here to keep this log within its size limit`;
  return { position, at: new Date(at).toISOString(), stream: "system", text };
}

/** How many whole lines there are. */
export function countLines(buffer: Buffer): number {
  let count = 0;
  for (let at = buffer.indexOf(newline); at !== -1; at = buffer.indexOf(newline, at + 1)) count += 1;
  return count;
}

/** The whole lines at the positions from `from` up to `to` (exclusive), when the buffer's first line has the position `first`. */
export function decodeLines(buffer: Buffer, first: number, from: number, to: number): PositionedLine[] {
  const lines: PositionedLine[] = [];
  let start = 0;
  for (let position = first; position < to; position += 1) {
    const end = buffer.indexOf(newline, start);
    if (end === -1) break;
    if (position >= from) lines.push(decodeLine(buffer.toString("utf8", start, end), position));
    start = end + 1;
  }
  return lines;
}

function decodeLine(stored: string, position: number): PositionedLine {
  const stream = streams[stored.charAt(timeLength + 1)];
  const at = stored.slice(0, timeLength);
  // Damage by the disk must not take the readable lines around it away.
  if (stream === undefined || Number.isNaN(Date.parse(at))) {
    return { position, at: new Date(0).toISOString(), stream: "system", text: stored };
  }
  return { position, at, stream, text: stored.slice(textStart) };
}

function storedTime(at: string): string {
  return at.length === timeLength && at.endsWith("Z") ? at : new Date(at).toISOString();
}

function pieces(text: string): string[] {
  if (text.length * 3 <= maxLineBytes) return [text];
  const bytes = Buffer.from(text);
  if (bytes.length <= maxLineBytes) return [text];
  const parts: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const room = maxLineBytes - 2 * markBytes;
    const end = start + room >= bytes.length ? bytes.length : characterStart(bytes, start + room);
    const part = bytes.toString("utf8", start, end);
    parts.push(`${start > 0 ? mark : ""}${part}${end < bytes.length ? mark : ""}`);
    start = end;
  }
  return parts;
}

/** The start of the UTF-8 character that the byte at `index` is in. */
function characterStart(bytes: Buffer, index: number): number {
  let start = index;
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}
