import { Box, Flex, IconButton, Input, Text } from "@chakra-ui/react";
import {
  ArrowDownToLine,
  CaseSensitive,
  ChevronDown,
  ChevronUp,
  Clock,
  Copy,
  Download,
  Regex,
  Search,
  TextWrap,
  TriangleAlert,
  X,
  type LucideIcon,
} from "lucide-react";
import { memo, useSyncExternalStore, type KeyboardEvent, type RefObject } from "react";
import { errorBodyOf } from "../api/errors.ts";
import { log as words } from "../words/log.ts";
import { useSay } from "../words/say.ts";
import { hitCount } from "./log-hits.ts";
import { changeLogOptions, useLogOptions } from "./log-options.ts";
import type { LogQuery } from "./log-query.ts";
import type { LogSearch } from "./log-search.ts";

export interface LogToolbarProps {
  readonly search: LogSearch;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onLook: (query: LogQuery) => void;
  readonly onStep: (by: 1 | -1) => void;
  readonly follows: boolean;
  readonly grows: boolean;
  readonly onFollow: () => void;
  readonly onCopy: () => void;
  readonly copyLabel: string;
  readonly file: string;
  readonly onError: (() => void) | undefined;
}

/** What can be done with a log: look through it, follow it, take it away. It is not drawn again while lines come. */
export const LogToolbar = memo(function LogToolbar(props: LogToolbarProps) {
  const say = useSay(words);
  const options = useLogOptions();
  return (
    <Flex
      role="toolbar"
      aria-label={say("name")}
      align="center"
      gap="1"
      px="2"
      py="1"
      wrap="wrap"
      borderBottomWidth="1px"
      bg="bg.panel"
    >
      <SearchBox {...props} />
      <Flex gap="0.5" ms="auto">
        {props.onError !== undefined && (
          <Tool icon={TriangleAlert} label={say("error")} onClick={props.onError} tone="red" />
        )}
        {props.grows && (
          <Tool icon={ArrowDownToLine} label={say("follow")} pressed={props.follows} onClick={props.onFollow} />
        )}
        <Tool
          icon={TextWrap}
          label={say("wrap")}
          pressed={options.wrap}
          onClick={() => changeLogOptions({ wrap: !options.wrap })}
        />
        <Tool
          icon={Clock}
          label={say("timestamps")}
          pressed={options.timestamps}
          onClick={() => changeLogOptions({ timestamps: !options.timestamps })}
        />
        <Tool icon={Copy} label={props.copyLabel} onClick={props.onCopy} />
        <IconButton asChild size="xs" variant="ghost" color="fg.muted" aria-label={say("download")}>
          <a href={props.file} download title={say("download")}>
            <Download size={15} />
          </a>
        </IconButton>
      </Flex>
    </Flex>
  );
});

interface ToolProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly onClick: () => void;
  readonly pressed?: boolean;
  readonly tone?: "red";
  readonly disabled?: boolean;
}

function Tool({ icon: Icon, label, onClick, pressed, tone, disabled = false }: ToolProps) {
  return (
    <IconButton
      size="xs"
      variant={pressed === true ? "subtle" : "ghost"}
      color={pressed === true ? "fg" : tone === "red" ? "fg.error" : "fg.muted"}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon size={15} />
    </IconButton>
  );
}

function SearchBox({ search, input, onLook, onStep }: LogToolbarProps) {
  const say = useSay(words);
  const { query, hits, problem, error } = useSyncExternalStore(search.subscribe, search.state);
  const count = hitCount(hits);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Enter") onStep(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") {
      onLook({ ...query, text: "" });
      input.current?.blur();
    } else return;
    event.preventDefault();
  };
  return (
    <Flex align="center" gap="0.5" flex="1 1 260px" maxW="560px" minW="0">
      <Box position="relative" flex="1" minW="0">
        <Box position="absolute" insetStart="2" top="7px" color="fg.subtle" pointerEvents="none" aria-hidden>
          <Search size={14} />
        </Box>
        <Input
          ref={input}
          size="xs"
          ps="7"
          type="search"
          aria-label={say("search")}
          placeholder={say("search")}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== undefined || error !== undefined}
          value={query.text}
          onChange={(event) => onLook({ ...query, text: event.target.value })}
          onKeyDown={onKey}
        />
      </Box>
      <Tool
        icon={CaseSensitive}
        label={say("search.matchCase")}
        pressed={query.matchCase}
        onClick={() => onLook({ ...query, matchCase: !query.matchCase })}
      />
      <Tool
        icon={Regex}
        label={say("search.regex")}
        pressed={query.regex}
        onClick={() => onLook({ ...query, regex: !query.regex })}
      />
      {query.text !== "" && (
        <>
          <Tool icon={ChevronUp} label={say("search.previous")} disabled={count === 0} onClick={() => onStep(-1)} />
          <Tool icon={ChevronDown} label={say("search.next")} disabled={count === 0} onClick={() => onStep(1)} />
          <Tool icon={X} label={say("search.close")} onClick={() => onLook({ ...query, text: "" })} />
        </>
      )}
      <SearchCount search={search} />
    </Flex>
  );
}

/** How many hits there are, or why there are none; read out as it changes. */
function SearchCount({ search }: { readonly search: LogSearch }) {
  const say = useSay(words);
  const { query, hits, current, done, problem, error } = useSyncExternalStore(search.subscribe, search.state);
  const count = hitCount(hits);
  const told = (): string => {
    if (query.text === "") return "";
    if (problem !== undefined) return problem;
    if (error !== undefined) return errorBodyOf(error).cause ?? errorBodyOf(error).message;
    if (done < 1) return say("search.running", { count, share: done });
    return count === 0 ? say("search.none") : say("search.count", { current: (current ?? 0) + 1, count });
  };
  const isBad = problem !== undefined || error !== undefined;
  return (
    <Text role="status" textStyle="small" color={isBad ? "fg.error" : "fg.muted"} ps="1" truncate>
      {told()}
    </Text>
  );
}
