import { Box, Button, Flex, Spinner } from "@chakra-ui/react";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { useCommands } from "../commands/registry.ts";
import { common } from "../words/common.ts";
import { useSay } from "../words/say.ts";
import { ErrorPanel } from "./error-panel.tsx";
import { RowsSkeleton } from "./page-states.tsx";

export interface DataListProps<T> {
  /** What the rows are, for people who do not see them. */
  readonly label: string;
  /** Undefined while the first rows are on their way. */
  readonly items: readonly T[] | undefined;
  readonly keyOf: (item: T) => string;
  /** One row. Its main link or button carries `data-primary`: J and K move to it, Enter follows it. */
  readonly row: (item: T) => ReactNode;
  /** Usual height of a row in pixels; others are measured. */
  readonly rowHeight?: number;
  /** Shown where there are no rows. */
  readonly empty: ReactNode;
  readonly error?: unknown;
  readonly onRetry?: () => void;
  /** There are more rows to load, which happens when the end comes near. */
  readonly hasMore?: boolean;
  readonly loadingMore?: boolean;
  readonly onMore?: () => void;
}

/** A list of any length in one of its four states: loading, broken, empty, rows. Only the rows in sight are drawn. */
export function DataList<T>(props: DataListProps<T>) {
  const { items, error, onRetry, empty, rowHeight = 44 } = props;
  if (items === undefined)
    return error == null ? (
      <RowsSkeleton height={`${rowHeight}px`} />
    ) : (
      <ErrorPanel error={error} {...(onRetry !== undefined && { onRetry })} />
    );
  return (
    <>
      {error != null && (
        <Box mb="3">
          <ErrorPanel error={error} {...(onRetry !== undefined && { onRetry })} />
        </Box>
      )}
      {items.length > 0 ? (
        <Rows {...props} items={items} rowHeight={rowHeight} />
      ) : props.hasMore === true ? (
        <Searching {...props} rowHeight={rowHeight} />
      ) : (
        empty
      )}
    </>
  );
}

/** Nothing that is wanted was found yet, and there is more to look through. */
function Searching<T>({
  loadingMore = false,
  error,
  onMore,
  rowHeight,
}: DataListProps<T> & { readonly rowHeight: number }) {
  const mayGoOn = !loadingMore && error == null;
  useEffect(() => {
    if (mayGoOn) onMore?.();
  }, [mayGoOn, onMore]);
  return <RowsSkeleton height={`${rowHeight}px`} />;
}

function Rows<T>({
  label,
  items,
  keyOf,
  row,
  rowHeight,
  hasMore = false,
  loadingMore = false,
  onMore,
}: DataListProps<T> & { readonly items: readonly T[]; readonly rowHeight: number }) {
  const list = useRef<HTMLDivElement>(null);
  const top = useTopOf(list);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: top,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
  });
  useRowKeys(list, items.length, (index) => rows.scrollToIndex(index, { align: "auto" }));
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const nearEnd = hasMore && !loadingMore && last >= items.length - 20;
  useEffect(() => {
    if (nearEnd) onMore?.();
  }, [nearEnd, onMore]);
  return (
    <>
      <Box
        ref={list}
        role="list"
        aria-label={label}
        position="relative"
        borderWidth="1px"
        borderRadius="lg"
        bg="bg.panel"
        style={{ height: rows.getTotalSize() + 2 }}
      >
        {shown.map(({ index, key, start }) => {
          const item = items[index];
          return (
            item !== undefined && (
              <Box
                key={key}
                ref={rows.measureElement}
                data-index={index}
                role="listitem"
                aria-posinset={index + 1}
                aria-setsize={hasMore ? -1 : items.length}
                position="absolute"
                insetX="0"
                top="0"
                minH={`${rowHeight}px`}
                borderBottomWidth={index === items.length - 1 ? "0" : "1px"}
                borderColor="border.muted"
                _hover={{ bg: "bg.subtle" }}
                _focusWithin={{ bg: "bg.subtle" }}
                style={{ transform: `translateY(${start - top}px)` }}
              >
                {row(item)}
              </Box>
            )
          );
        })}
      </Box>
      {hasMore && <MoreRows loading={loadingMore} onMore={onMore} />}
    </>
  );
}

function MoreRows({ loading, onMore }: { readonly loading: boolean; readonly onMore: (() => void) | undefined }) {
  const say = useSay(common);
  return (
    <Flex justify="center" py="3">
      {loading ? (
        <Spinner size="sm" aria-label={say("loading")} />
      ) : (
        <Button size="xs" variant="ghost" onClick={onMore}>
          {say("more")}
        </Button>
      )}
    </Flex>
  );
}

/** Where the list begins in the document. */
function useTopOf(element: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = (): void => {
      const place = element.current?.getBoundingClientRect();
      if (place !== undefined) setTop(Math.round(place.top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
  return top;
}

/** J and K, or the arrows, go from row to row; a row that is not drawn yet is brought into sight first. */
function useRowKeys(list: RefObject<HTMLElement | null>, count: number, reveal: (index: number) => void): void {
  const say = useSay(common);
  const go = useCallback(
    (step: 1 | -1): void => {
      const current = document.activeElement?.closest<HTMLElement>("[data-index]");
      const isHere = current !== null && current !== undefined && list.current?.contains(current) === true;
      const next = isHere ? Number(current.dataset["index"]) + step : 0;
      if (next < 0 || next >= count) return;
      reveal(next);
      focusRow(list, next, 10);
    },
    [list, count, reveal],
  );
  useCommands([
    { id: "list.next", title: say("list.next"), group: say("group.list"), keys: "j", run: () => go(1) },
    { id: "list.previous", title: say("list.previous"), group: say("group.list"), keys: "k", run: () => go(-1) },
  ]);
}

function focusRow(list: RefObject<HTMLElement | null>, index: number, tries: number): void {
  const row = list.current?.querySelector(`[data-index="${index}"]`);
  const primary = row?.querySelector<HTMLElement>("[data-primary], a, button");
  if (primary != null) primary.focus();
  else if (tries > 0) requestAnimationFrame(() => focusRow(list, index, tries - 1));
}
