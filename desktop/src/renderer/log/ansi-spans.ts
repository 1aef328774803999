import { parseAnsiSequences, type ParseToken } from "ansi-sequence-parser";

export type AnsiColor = NonNullable<ParseToken["foreground"]>;

/** How a run of characters was written. Only what differs from plain text is there. */
export interface AnsiStyle {
  readonly foreground?: AnsiColor;
  readonly background?: AnsiColor;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly strike?: true;
  /** Foreground and background change places. */
  readonly reverse?: true;
}

export interface AnsiSpan {
  readonly text: string;
  readonly style: AnsiStyle;
}

const colors = /\u001b\[([\d;]*)m/y;
/** What moves a cursor, names a window or makes a link; ECMA-48 sections 5.4 and 8.3, and xterm's OSC. */
const otherSequence =
  /(?:\u001b\[|\u009b)[\u0030-\u003f]*[\u0020-\u002f]*[\u0040-\u007e]|\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[\u0020-\u002f]*[\u0030-\u007e]?/y;
const otherControl = /[\u0000-\u0008\u000a-\u001a\u001c-\u001f\u007f-\u009f]/g;

/**
 * The text of a line and how it was coloured. Nothing but colours and weights is kept of what steers a terminal; of a line
 * that overwrote itself (a progress bar) the last state stays.
 */
export function ansiSpans(line: string): AnsiSpan[] {
  const text = lastState(line);
  if (!hasControls(text)) return text === "" ? [] : [{ text, style: {} }];
  return parseAnsiSequences(colorsOnly(text)).map((token) => ({ text: token.value, style: styleOf(token) }));
}

/** The text alone, as `ansiSpans` shows it. */
export function plainText(line: string): string {
  return ansiSpans(line)
    .map((span) => span.text)
    .join("");
}

function hasControls(text: string): boolean {
  otherControl.lastIndex = 0;
  return text.includes("\u001b") || otherControl.test(text);
}

function lastState(line: string): string {
  if (!line.includes("\r")) return line;
  const states = line.split("\r").filter((state) => state !== "");
  return states.at(-1) ?? "";
}

/** The line with colour sequences in their one full form and without all others. Linear in its length. */
function colorsOnly(text: string): string {
  let kept = "";
  let from = 0;
  for (let at = nextEscape(text, 0); at !== -1; at = nextEscape(text, from)) {
    kept += text.slice(from, at);
    colors.lastIndex = at;
    const color = colors.exec(text);
    if (color === null) {
      otherSequence.lastIndex = at;
      from = at + (otherSequence.exec(text)?.[0].length ?? 1);
    } else {
      // No number means 0.
      kept += `\u001b[${color[1] === "" ? "0" : color[1]}m`;
      from = at + color[0].length;
    }
  }
  return (kept + text.slice(from)).replace(otherControl, "");
}

function nextEscape(text: string, from: number): number {
  const escape = text.indexOf("\u001b", from);
  const csi = text.indexOf("\u009b", from);
  return escape === -1 || (csi !== -1 && csi < escape) ? csi : escape;
}

function styleOf({ foreground, background, decorations }: ParseToken): AnsiStyle {
  return {
    ...(foreground !== null && { foreground }),
    ...(background !== null && { background }),
    ...(decorations.has("bold") && { bold: true }),
    ...(decorations.has("dim") && { dim: true }),
    ...(decorations.has("italic") && { italic: true }),
    ...(decorations.has("underline") && { underline: true }),
    ...(decorations.has("strikethrough") && { strike: true }),
    ...(decorations.has("reverse") && { reverse: true }),
  };
}
