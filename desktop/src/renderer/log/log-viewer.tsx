import { Box, Button, Flex, Skeleton, Stack } from "@chakra-ui/react";
import { ArrowDown, ScrollText } from "lucide-react";
import { useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { EmptyState } from "../parts/empty-state.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { log as words } from "../words/log.ts";
import { useSay } from "../words/say.ts";
import { copyLog } from "./copy-log.ts";
import type { Hit } from "./log-hits.ts";
import { LogLines } from "./log-lines.tsx";
import { useLogOptions } from "./log-options.ts";
import type { LogQuery } from "./log-query.ts";
import { LogScroller, type DrawnRows } from "./log-scroller.ts";
import { logStyles } from "./log-styles.ts";
import { LogToolbar } from "./log-toolbar.tsx";
import type { LogView } from "./log-view.ts";
import { useLogCommands } from "./use-log-commands.ts";

/** Lines around the view that are fetched ahead. */
const ahead = 400;

/** A log of any length: looked through, followed, folded, taken away. It fills the element that it is in; `bare` leaves its tools away. */
export function LogViewer({ view, bare = false }: { readonly view: LogView; readonly bare?: boolean }) {
  const say = useSay(words);
  const { model, search, grows, chosen } = view;
  const options = useLogOptions();
  const [scroller] = useState(() => new LogScroller(model));
  const input = useRef<HTMLInputElement>(null);
  useSyncExternalStore(model.subscribe, model.version);
  useSyncExternalStore(scroller.subscribe, scroller.version);
  useLayoutEffect(() => scroller.set(options, grows), [scroller, options, grows]);
  useLayoutEffect(() => scroller.afterDraw());
  const drawn = scroller.drawn();
  useFirstPlace(view, scroller, drawn.box.height > 0);
  useFetching(view, drawn);

  const { step, look, toError, copy } = useLogActions(view, scroller);
  useShownLine(view.shownLine ?? 0, toError);
  useLogCommands(view, scroller, { focusSearch: () => input.current?.focus(), step, toError });

  return (
    <Flex direction="column" height="full" minH="0" css={{ "--log-width": `${drawn.box.width}px` }}>
      {!bare && (
        <LogToolbar
          search={search}
          input={input}
          onLook={look}
          onStep={step}
          follows={drawn.follows}
          grows={grows}
          onFollow={scroller.toggleFollow}
          onCopy={copy}
          copyLabel={chosen === undefined ? say("copyAll") : say("copyLines", { count: chosen.to - chosen.from + 1 })}
          file={view.file}
          onError={toError}
        />
      )}
      {model.error !== undefined && (
        <Box p="3">
          <ErrorPanel error={model.error} onRetry={() => model.retry()} />
        </Box>
      )}
      <Box flex="1" minH="0" css={logStyles}>
        <LogLines view={view} scroller={scroller} drawn={drawn} wrap={options.wrap} timestamps={options.timestamps} />
        {model.outline.count === 0 && <NoLines isOpen={model.isOpen} grows={grows} />}
        {grows && !drawn.follows && !drawn.isAtEnd && <Latest onClick={scroller.goToEnd} />}
      </Box>
    </Flex>
  );
}

/** What the tools do; the same functions while lines come, so that the tools are not drawn with each of them. */
function useLogActions({ model, search, chosen, cause }: LogView, scroller: LogScroller) {
  return useMemo(() => {
    const show = (line: Hit): void => {
      model.fold(line.section, false);
      scroller.goTo({ type: "line", ...line });
    };
    const step = (by: 1 | -1): void => {
      const hit = search.step(by);
      if (hit !== undefined) show(hit);
    };
    const look = (query: LogQuery): void => {
      const { row } = scroller.drawn();
      search.look(query, row?.type === "line" ? row : undefined, show);
    };
    const toError = cause === undefined ? undefined : () => show(cause);
    const copy = (): void => void copyLog(model, chosen);
    return { step, look, toError, copy };
  }, [model, search, chosen, cause, scroller]);
}

function NoLines({ isOpen, grows }: { readonly isOpen: boolean; readonly grows: boolean }) {
  const say = useSay(words);
  return (
    <Box position="absolute" inset="0" overflow="auto" fontFamily="body">
      {isOpen ? (
        <EmptyState
          icon={ScrollText}
          title={say(grows ? "empty.title" : "none.title")}
          text={say(grows ? "empty.text" : "none.text")}
        />
      ) : (
        <Stack p="4" gap="2" aria-busy aria-label={say("loading")}>
          {[60, 42, 71, 35, 55].map((width) => (
            <Skeleton key={width} height="12px" width={`${width}%`} />
          ))}
        </Stack>
      )}
    </Box>
  );
}

function Latest({ onClick }: { readonly onClick: () => void }) {
  const say = useSay(words);
  return (
    <Flex position="absolute" bottom="3" insetInline="0" justify="center" pointerEvents="none" zIndex="1">
      <Button size="xs" borderRadius="full" shadow="md" pointerEvents="auto" fontFamily="body" onClick={onClick}>
        <ArrowDown size={14} />
        {say("follow.latest")}
      </Button>
    </Flex>
  );
}

/** Begins at the lines that the address names, else at the line that a failure points at; later failures come into view too. */
function useFirstPlace({ model, chosen, cause }: LogView, scroller: LogScroller, isReady: boolean): void {
  const done = useRef<string>(undefined);
  const wanted = chosen === undefined ? cause : { section: chosen.section, position: chosen.from };
  const isThere = wanted !== undefined && (model.pages(wanted.section)?.total ?? 0) > wanted.position;
  const isOpen = model.isOpen && model.outline.count > 0;
  useEffect(() => {
    if (!isReady || !isOpen || !isThere || wanted === undefined) return;
    // A click on a line chooses it where it is; only what the page was opened with is gone to.
    const name = chosen === undefined ? `${wanted.section} ${wanted.position}` : "chosen";
    if (done.current === name || done.current === "chosen") return;
    done.current = name;
    model.fold(wanted.section, false);
    scroller.goTo({ type: "line", ...wanted });
  });
}

/** Shows the line that a failure points at whenever it is asked for from outside. */
function useShownLine(count: number, toError: (() => void) | undefined): void {
  const seen = useRef(count);
  useEffect(() => {
    if (seen.current === count) return;
    seen.current = count;
    toError?.();
  });
}

/** Has what is looked at fetched. */
function useFetching({ model }: LogView, { first, last }: DrawnRows): void {
  useEffect(() => {
    const { outline } = model;
    const seen = new Map<string, { from: number; to: number }>();
    for (let index = first; index < last; index++) {
      const row = outline.rowAt(index);
      if (row?.type !== "line") continue;
      const range = seen.get(row.section);
      seen.set(row.section, { from: range?.from ?? row.position, to: row.position + 1 });
    }
    for (const [section, range] of seen) model.look(section, range, ahead);
  });
}
