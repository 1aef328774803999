import { Box, chakra, Dialog, Flex, Input, Portal, Text } from "@chakra-ui/react";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useProjectList } from "../api/project-list.ts";
import { KeyHint } from "../parts/key-hint.tsx";
import { palette } from "../words/palette.ts";
import { useSay } from "../words/say.ts";
import { bestMatches } from "./match.ts";
import { show } from "./palette-state.ts";
import { commandsOf } from "./project-commands.ts";
import { useAllCommands, type Command } from "./registry.ts";

const most = 40;

/** Finds and does anything: what the page offers, and every action of every project. */
export function CommandPalette() {
  const say = useSay(palette);
  return (
    <Dialog.Root open onOpenChange={({ open }) => !open && show("nothing")} placement="top" size="md" lazyMount>
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner px="3">
          <Dialog.Content aria-label={say("label")} mt="12vh" overflow="hidden">
            <Finder />
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </Dialog.Root>
  );
}

function Finder() {
  const say = useSay(palette);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = useFound(typed);
  const at = Math.min(chosen, Math.max(0, found.length - 1));
  const run = (command: Command | undefined): void => {
    if (command === undefined || command.disabled !== undefined) return;
    show("nothing");
    // The dialog gives the focus back first; the command may move it.
    requestAnimationFrame(() => command.run());
  };
  const move = (to: number): void => {
    setChosen(to);
    list.current?.querySelector(`#${CSS.escape(`${id}-${to}`)}`)?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = stepOf(event);
    if (step !== undefined) move((at + step + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter") run(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <Flex align="center" gap="2" px="3" borderBottomWidth="1px">
        <Search size={16} aria-hidden />
        <Input
          variant="flushed"
          border="none"
          outline="none"
          _focusVisible={{ boxShadow: "none" }}
          height="48px"
          role="combobox"
          aria-label={say("placeholder")}
          placeholder={say("placeholder")}
          aria-expanded
          aria-controls={id}
          aria-autocomplete="list"
          {...(found.length > 0 && { "aria-activedescendant": `${id}-${at}` })}
          autoFocus
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
      </Flex>
      <Box ref={list} id={id} role="listbox" aria-label={say("label")} maxH="min(420px, 60vh)" overflowY="auto" p="1.5">
        {found.map((command, index) => (
          <Option
            key={command.id}
            id={`${id}-${index}`}
            command={command}
            active={index === at}
            onRun={() => run(command)}
            onPoint={() => setChosen(index)}
          />
        ))}
      </Box>
      {found.length === 0 && (
        <Text role="status" textStyle="small" color="fg.muted" px="4" pb="4">
          {say("none", { typed })}
        </Text>
      )}
    </>
  );
}

function stepOf({ key, ctrlKey }: KeyboardEvent): 1 | -1 | undefined {
  if (key === "ArrowDown" || (ctrlKey && key === "n")) return 1;
  if (key === "ArrowUp" || (ctrlKey && key === "p")) return -1;
  return undefined;
}

/** Commands of the page and the app first, then those of projects. What cannot be done now stands behind what can. */
function useFound(typed: string): Command[] {
  const say = useSay(palette);
  const navigate = useNavigate();
  const offered = useAllCommands();
  const { projects } = useProjectList();
  const ofProjects = useMemo(() => {
    const go = (href: string): void => void navigate({ href });
    return (projects ?? []).flatMap((view) => commandsOf(view, { say, go }));
  }, [projects, say, navigate]);
  return useMemo(() => {
    const all = [...offered, ...ofProjects].filter(({ id }) => id !== "palette");
    const fitting = bestMatches(all, typed, ({ title, also = "" }) => `${title} ${also}`, most);
    return [
      ...fitting.filter((each) => each.disabled === undefined),
      ...fitting.filter((each) => each.disabled !== undefined),
    ];
  }, [offered, ofProjects, typed]);
}

const Row = chakra("div", {
  base: {
    display: "flex",
    alignItems: "center",
    gap: "2.5",
    px: "2.5",
    minH: "36px",
    borderRadius: "md",
    cursor: "pointer",
    fontSize: "md",
  },
  variants: { active: { true: { bg: "bg.muted" } }, disabled: { true: { color: "fg.muted", cursor: "default" } } },
});

function Option({
  id,
  command,
  active,
  onRun,
  onPoint,
}: {
  readonly id: string;
  readonly command: Command;
  readonly active: boolean;
  readonly onRun: () => void;
  readonly onPoint: () => void;
}) {
  const { icon: Icon, title, group, keys, disabled } = command;
  return (
    // The field keeps the focus and answers keys; a pointer may click.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <Row
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      aria-disabled={disabled !== undefined}
      active={active}
      disabled={disabled !== undefined}
      onClick={onRun}
      onPointerMove={onPoint}
    >
      {Icon !== undefined && <Icon size={15} aria-hidden />}
      <Text as="span" flex="1" minW="0" truncate>
        {title}
      </Text>
      <Text as="span" textStyle="small" color="fg.muted" flexShrink={0}>
        {disabled ?? group}
      </Text>
      {keys !== undefined && <KeyHint keys={keys} />}
    </Row>
  );
}
