import {
  Box,
  Button,
  Checkbox,
  Flex,
  Grid,
  IconButton,
  Input,
  NativeSelect,
  Text,
  VisuallyHidden,
} from "@chakra-ui/react";
import { Pencil, RotateCcw } from "lucide-react";
import { useId, useState } from "react";
import { plan as words } from "../words/plan.ts";
import { useSay } from "../words/say.ts";
import { problemOf, type PlanFormRow } from "./plan-form.ts";

export interface PlanLineProps {
  readonly row: PlanFormRow;
  readonly disabled: boolean;
  readonly onType: (typed: string) => void;
  readonly onReset: () => void;
}

/** One field of the plan: what it is, why, and a way to change it. */
export function PlanLine(props: PlanLineProps) {
  const { row, disabled } = props;
  const say = useSay(words);
  const [editing, setEditing] = useState(false);
  // Ended by a key, the keyboard goes on where it came from.
  const [byKey, setByKey] = useState(false);
  const label = say(`field.${row.name}`);
  return (
    <Grid
      px="3"
      py="2"
      columnGap="4"
      rowGap="0.5"
      alignItems="center"
      templateColumns={{
        base: "minmax(0, 1fr)",
        sm: "150px minmax(0, 1fr)",
        xl: "170px minmax(0, 1fr) minmax(0, 0.9fr)",
      }}
      borderBottomWidth="1px"
      borderColor="border.muted"
      _last={{ borderBottomWidth: 0 }}
      data-field={row.name}
    >
      <Text as="dt" textStyle="small" color="fg.muted">
        {label}
      </Text>
      <Box as="dd" minW="0">
        {editing || row.kind.type === "switch" || row.kind.type === "choice" ? (
          <Editor
            {...props}
            label={label}
            onDone={(key) => {
              setByKey(key);
              setEditing(false);
            }}
          />
        ) : (
          <Flex align="center" gap="1" minW="0" minH="24px">
            <Shown row={row} />
            <IconButton
              size="2xs"
              variant="ghost"
              flexShrink={0}
              autoFocus={byKey}
              disabled={disabled}
              aria-label={say("edit", { field: label })}
              title={say("edit", { field: label })}
              onClick={() => setEditing(true)}
            >
              <Pencil size={13} />
            </IconButton>
          </Flex>
        )}
      </Box>
      <Reason {...props} label={label} />
    </Grid>
  );
}

function Shown({ row }: { readonly row: PlanFormRow }) {
  const say = useSay(words);
  const isCode = row.kind.type === "command" || row.kind.type === "text";
  if (row.value === "")
    return (
      <Text color="fg.muted" textStyle="small">
        {say(row.kind.type === "command" ? "none" : "unset")}
      </Text>
    );
  return (
    <Text {...(isCode && row.name !== "framework" && { textStyle: "mono" })} truncate title={row.value}>
      {row.value}
    </Text>
  );
}

/** Why the field is as it is, and the way back to what was detected. */
function Reason({ row, disabled, onReset, label }: PlanLineProps & { readonly label: string }) {
  const say = useSay(words);
  const { reason, overridden, detected } = row;
  if (!overridden && reason === null) return null;
  return (
    <Flex
      as="dd"
      gridColumn={{ base: "1", sm: "2", xl: "3" }}
      align="center"
      gap="2"
      textStyle="small"
      color="fg.muted"
      minW="0"
    >
      {overridden ? (
        <>
          <Text color="accent.fg" fontWeight="medium" whiteSpace="nowrap">
            {say("origin.project")}
          </Text>
          {detected !== null && (
            <Text truncate title={detected}>
              {say("was", { value: detected === "" ? say("none") : detected })}
            </Text>
          )}
          <Button
            size="2xs"
            variant="outline"
            flexShrink={0}
            disabled={disabled}
            aria-label={say("reset.label", { field: label, value: detected ?? "" })}
            onClick={onReset}
          >
            <RotateCcw size={12} />
            {say("reset")}
          </Button>
        </>
      ) : (
        reason !== null && <Text title={reason.because}>{reason.because}</Text>
      )}
    </Flex>
  );
}

function Editor({
  row,
  label,
  disabled,
  onType,
  onDone,
}: PlanLineProps & { readonly label: string; readonly onDone: (byKey: boolean) => void }) {
  const say = useSay(words);
  const { kind } = row;
  if (kind.type === "switch")
    return (
      <Checkbox.Root
        size="sm"
        checked={row.value === "true"}
        disabled={disabled}
        onCheckedChange={({ checked }) => onType(String(checked === true))}
      >
        <Checkbox.HiddenInput />
        <Checkbox.Control />
        <Checkbox.Label>
          <VisuallyHidden>{label}</VisuallyHidden>
          {say(row.value === "true" ? "yes" : "no")}
        </Checkbox.Label>
      </Checkbox.Root>
    );
  if (kind.type === "choice")
    return (
      <NativeSelect.Root size="sm" width="auto" maxW="200px" disabled={disabled}>
        <NativeSelect.Field aria-label={label} value={row.value} onChange={(event) => onType(event.target.value)}>
          {!kind.of.includes(row.value) && <option value={row.value}>{row.value || say("unset")}</option>}
          {kind.of.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </NativeSelect.Field>
        <NativeSelect.Indicator />
      </NativeSelect.Root>
    );
  return <TextEditor row={row} label={label} onType={onType} onDone={onDone} />;
}

/** Kept while it is typed; given on Enter or when the field is left, so that the plan is not made anew on each key. */
function TextEditor({
  row,
  label,
  onType,
  onDone,
}: Pick<PlanLineProps, "row" | "onType"> & { readonly label: string; readonly onDone: (byKey: boolean) => void }) {
  const say = useSay(words);
  const id = useId();
  const [typed, setTyped] = useState(row.value);
  const { kind } = row;
  const problem = problemOf(kind, typed);
  const done = (byKey: boolean): void => {
    if (problem !== undefined) return;
    if (typed.trim() !== row.value) onType(typed);
    onDone(byKey);
  };
  return (
    <Box>
      <Input
        size="sm"
        autoFocus
        fontFamily="mono"
        fontSize="0.8125rem"
        aria-label={label}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : id}
        {...(kind.type === "number" && { inputMode: "numeric" as const })}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => done(false)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== "Escape") return;
          // The key must not press the button that gets the focus next.
          event.preventDefault();
          if (event.key === "Enter") done(true);
          else onDone(true);
        }}
      />
      {problem !== undefined && kind.type === "number" && (
        <Text id={id} role="alert" textStyle="small" color="fg.error" mt="1">
          {problem === "number" ? say("problem.number") : say("problem.range", { min: kind.min, max: kind.max })}
        </Text>
      )}
    </Box>
  );
}
