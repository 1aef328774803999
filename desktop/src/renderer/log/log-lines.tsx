import { Box } from "@chakra-ui/react";
import { useCallback, useSyncExternalStore, type ClipboardEvent } from "react";
import { useDarkMode } from "../theme/color-mode.ts";
import { log as words } from "../words/log.ts";
import { useSay, type Say } from "../words/say.ts";
import { plainText } from "./ansi-spans.ts";
import { chosenBy, isChosen } from "./line-link.ts";
import { isHit, type Hit } from "./log-hits.ts";
import { LogLineRow } from "./log-line-row.tsx";
import type { LogRow } from "./log-outline.ts";
import type { SearchState } from "./log-search.ts";
import { LogSectionHeader } from "./log-section-header.tsx";
import type { LogView } from "./log-view.ts";
import { keyOf, lineOfKey } from "./log-rows.ts";
import type { DrawnRows, LogScroller } from "./log-scroller.ts";
import { selectedText, useLogSelection, type LogSelection } from "./use-log-selection.ts";

export interface LogLinesProps {
  readonly view: LogView;
  readonly scroller: LogScroller;
  readonly drawn: DrawnRows;
  readonly wrap: boolean;
  readonly timestamps: boolean;
}

/** The scrolled part of a log viewer: the rows that are seen, and a scroll bar for all of them. */
export function LogLines({ view, scroller, drawn, wrap, timestamps }: LogLinesProps) {
  const shared = useShared(view, { scroller, drawn, timestamps });
  const { model } = view;
  const { attach, attachLayer } = scroller;
  const selection = useLogSelection(scroller);
  const rows = drawnRows(view, drawn, selection);
  const keys = keysFor(drawn);
  const top = drawn.row;
  const over =
    top?.type === "line" && model.keys.length > 0 && model.outline.rowAt(0)?.type === "header" ? top : undefined;
  const onCopy = (event: ClipboardEvent): void => {
    if (selection === undefined) return;
    event.preventDefault();
    void selectedText(model, selection, plainText).then((text) =>
      text === undefined ? undefined : navigator.clipboard.writeText(text),
    );
  };
  return (
    <>
      <Box
        ref={attach}
        className="log-scroller"
        tabIndex={0}
        role="region"
        aria-label={shared.say("name")}
        onCopy={onCopy}
      >
        <div style={{ height: drawn.height, minWidth: "100%", width: wrap ? undefined : "max-content" }}>
          <div className="log-view" data-wrap={wrap ? "" : undefined} style={{ height: drawn.box.height }}>
            <div ref={attachLayer} style={{ transform: `translateY(${drawn.shift}px)` }}>
              {rows.map(({ row, index }) => drawRow(row, { index, keys }, shared))}
            </div>
          </div>
        </div>
      </Box>
      {over !== undefined && (
        <div className="log-over">
          <HeaderRow section={over.section} view={view} scroller={scroller} />
        </div>
      )}
    </>
  );
}

interface DrawnRow {
  readonly row: LogRow;
  readonly index: number;
}

/** The rows in view, and those at the ends of a selection, which the browser would forget otherwise. */
function drawnRows({ model }: LogView, { first, last }: DrawnRows, selection: LogSelection | undefined): DrawnRow[] {
  const { outline } = model;
  const rows: DrawnRow[] = [];
  const add = (row: LogRow | undefined, index: number): void => void (row !== undefined && rows.push({ row, index }));
  const ends = [selection?.from.line, selection?.to.line].flatMap((line) =>
    line === undefined ? [] : (lineOfKey(line) ?? []),
  );
  const pinned = ends.map((row) => ({ row, index: outline.indexOf(row) })).filter(({ index }) => index >= 0);
  for (const { row, index } of pinned) if (index < first) add(row, index);
  for (let index = first; index < last; index++) add(outline.rowAt(index), index);
  for (const { row, index } of pinned) if (index >= last) add(row, index);
  return rows;
}

/** What all rows have in common. */
interface Shared {
  readonly view: LogView;
  readonly scroller: LogScroller;
  readonly drawn: DrawnRows;
  readonly timestamps: boolean;
  readonly theme: "light" | "dark";
  readonly say: Say<typeof words>;
  readonly state: SearchState;
  readonly hit: Hit | undefined;
  readonly choose: (section: string, position: number, extend: boolean) => void;
}

function useShared(view: LogView, rest: Pick<Shared, "scroller" | "drawn" | "timestamps">): Shared {
  const { search, chosen, onChoose } = view;
  const say = useSay(words);
  const theme = useDarkMode() ? "dark" : "light";
  const state = useSyncExternalStore(search.subscribe, search.state);
  const choose = useCallback(
    (section: string, position: number, extend: boolean) => onChoose(chosenBy(chosen, { section, position, extend })),
    [chosen, onChoose],
  );
  return { view, ...rest, theme, say, state, hit: search.hit, choose };
}

/** A row keeps its key while it is drawn, and gives it to another one when it is gone. There are hardly more keys than rows, so that elements are used again however fast lines come. */
function keysFor({ first, last }: DrawnRows): number {
  return 2 ** Math.max(6, Math.ceil(Math.log2(last - first)));
}

function drawRow(row: LogRow, { index, keys }: { readonly index: number; readonly keys: number }, shared: Shared) {
  const { view, scroller, drawn } = shared;
  const isPinned = index < drawn.first || index >= drawn.last;
  const key = isPinned ? keyOf(row) : index % keys;
  if (row.type === "header") return <HeaderRow key={key} section={row.section} view={view} scroller={scroller} />;
  const { section, position } = row;
  const line = view.model.line(section, position);
  const { query, hits } = shared.state;
  return (
    <LogLineRow
      key={key}
      section={section}
      position={position}
      text={line?.text}
      stream={line?.stream ?? "stdout"}
      at={line?.at ?? 0}
      timestamps={shared.timestamps}
      theme={shared.theme}
      query={query.text !== "" && isHit(hits, { section, position }) ? query : undefined}
      isCurrent={shared.hit?.section === section && shared.hit.position === position}
      isChosen={isChosen(view.chosen, section, position)}
      isCause={view.cause?.section === section && view.cause.position === position}
      isPinned={isPinned}
      label={shared.say("line", { number: position + 1 })}
      onChoose={shared.choose}
    />
  );
}

interface HeaderRowProps {
  readonly section: string;
  readonly view: LogView;
  readonly scroller: LogScroller;
}

function HeaderRow({ section, view: { model, describe }, scroller }: HeaderRowProps) {
  const { title, note } = describe(section);
  const folded = model.isFolded(section);
  const fold = (): void => {
    model.fold(section, !folded);
    scroller.goTo({ type: "header", section }, "top");
  };
  const lines = model.pages(section)?.count ?? 0;
  return <LogSectionHeader title={title} note={note} lines={lines} folded={folded} onFold={fold} />;
}
