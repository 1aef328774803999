import { useEffect, useState } from "react";
import type { LogModel } from "./log-model.ts";
import { lineOfKey } from "./log-rows.ts";
import type { LogScroller } from "./log-scroller.ts";

/** A place in the text of a line. */
interface TextPlace {
  /** `build-L12`. */
  readonly line: string;
  readonly offset: number;
}

/** Ends of a selection that began or ends in the log. */
export interface LogSelection {
  readonly from: TextPlace;
  readonly to: TextPlace;
}

/**
 * Text that is selected over more lines than are drawn. The lines at both ends stay drawn while it lasts, and what is copied is read
 * from the log instead of the page. Undefined where the browser's own copying does.
 */
export function useLogSelection(scroller: LogScroller): LogSelection | undefined {
  const [selection, setSelection] = useState<LogSelection>();
  useEffect(() => {
    const onChange = (): void => setSelection(selectionIn(scroller.layer));
    document.addEventListener("selectionchange", onChange);
    return () => document.removeEventListener("selectionchange", onChange);
  }, [scroller]);
  return selection;
}

function selectionIn(layer: HTMLElement | null): LogSelection | undefined {
  const selection = document.getSelection();
  if (layer === null || selection === null || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  const from = placeOf(layer, range.startContainer, range.startOffset);
  const to = placeOf(layer, range.endContainer, range.endOffset);
  return from === undefined || to === undefined || from.line === to.line ? undefined : { from, to };
}

function placeOf(layer: HTMLElement, node: Node, offset: number): TextPlace | undefined {
  if (!layer.contains(node)) return undefined;
  const element = node instanceof HTMLElement ? node : node.parentElement;
  const row = element?.closest<HTMLElement>(".log-line");
  const line = row?.dataset["line"];
  const text = row?.querySelector(".log-text");
  if (row == null || line === undefined) return undefined;
  if (text == null || !text.contains(node)) return { line, offset: 0 };
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(node, offset);
  return { line, offset: before.toString().length };
}

/** The text of a selection, from the log; undefined where it goes over more than one section. */
export async function selectedText(
  model: LogModel,
  { from, to }: LogSelection,
  plain: (text: string) => string,
): Promise<string | undefined> {
  const [first, last] = [lineOfKey(from.line), lineOfKey(to.line)];
  if (first === undefined || first.section !== last?.section) return undefined;
  const range = { from: first.position, to: last.position + 1 };
  const lines = (await model.texts(first.section, range, AbortSignal.timeout(20_000))).map(plain);
  lines[lines.length - 1] = (lines.at(-1) ?? "").slice(0, to.offset);
  lines[0] = (lines[0] ?? "").slice(from.offset);
  return lines.join("\n");
}
