import { ansiSpans, type AnsiStyle } from "./ansi-spans.ts";
import { linkedText } from "./log-links.ts";
import type { Marked } from "./log-query.ts";

/** A run of characters of a line that is drawn in one way. */
export interface LineSpan {
  readonly text: string;
  readonly style: AnsiStyle;
  readonly href?: string;
  readonly marked?: true;
}

/** A line as runs: colours, addresses and what was found, each cut at the edges of the others. `marksOf` is asked with the plain text. */
export function lineSpans(line: string, marksOf: (text: string) => readonly Marked[]): LineSpan[] {
  const styled = ansiSpans(line);
  const text = styled.map((span) => span.text).join("");
  const marks = marksOf(text);
  const links = linkedText(text);
  if (marks.length === 0 && links.length <= 1 && links[0]?.href === undefined) return styled;
  return cutAt(styled, edgesOf(links, marks)).map(({ span, from }) => {
    const href = links.length === 0 ? undefined : hrefAt(links, from);
    const isMarked = marks.some((mark) => mark.from <= from && from < mark.to);
    return { ...span, ...(href !== undefined && { href }), ...(isMarked && { marked: true as const }) };
  });
}

function edgesOf(links: readonly { text: string }[], marks: readonly Marked[]): number[] {
  const edges = new Set(marks.flatMap((mark) => [mark.from, mark.to]));
  let end = 0;
  for (const { text } of links) edges.add((end += text.length));
  return [...edges].sort((a, b) => a - b);
}

function cutAt(spans: readonly LineSpan[], edges: readonly number[]): { span: LineSpan; from: number }[] {
  const pieces: { span: LineSpan; from: number }[] = [];
  let from = 0;
  for (const span of spans) {
    const end = from + span.text.length;
    const inside = edges.filter((edge) => edge > from && edge < end);
    for (const cut of [...inside, end]) {
      const start = pieces.length === 0 ? 0 : (pieces.at(-1)?.from ?? 0) + (pieces.at(-1)?.span.text.length ?? 0);
      pieces.push({ span: { ...span, text: span.text.slice(start - from, cut - from) }, from: start });
    }
    from = end;
  }
  return pieces;
}

function hrefAt(links: readonly { text: string; href?: string }[], position: number): string | undefined {
  let end = 0;
  for (const { text, href } of links) if (position < (end += text.length)) return href;
  return undefined;
}
