import {
  Box,
  Button,
  chakra,
  Checkbox,
  Flex,
  IconButton,
  Input,
  NativeSelect,
  Text,
  VisuallyHidden,
} from "@chakra-ui/react";
import { Eye, EyeOff, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { useSay } from "../words/say.ts";
import { variables as words } from "../words/variables.ts";
import type { RowProblem, Scope, VariableRow } from "./variable-rows.ts";

export interface VariableLineProps {
  readonly row: VariableRow;
  readonly problem: RowProblem | undefined;
  /** The row was just added: its name is what comes next. */
  readonly focused: boolean;
  readonly disabled: boolean;
  readonly onChange: (change: Partial<Omit<VariableRow, "id">>) => void;
  readonly onRemove: () => void;
  /** True where the pasted text was a file and was taken as one. */
  readonly onPaste: (text: string) => boolean;
}

const scopes = ["both", "run", "build"] as const satisfies readonly Scope[];

const Mono = chakra(Input, { base: { fontFamily: "mono", fontSize: "0.8125rem" } });

/** One variable: name, value, who sees it, whether it is a secret. */
export function VariableLine(props: VariableLineProps) {
  const { row, problem, focused, disabled, onChange, onRemove, onPaste } = props;
  const say = useSay(words);
  const id = useId();
  const called = row.name === "" ? say("unnamed") : row.name;
  const untouched = row.kept && row.value === "";
  return (
    <Box as="li" px="3" py="2" borderBottomWidth="1px" borderColor="border.muted" _last={{ borderBottomWidth: 0 }}>
      <Flex gap="2" align="center" wrap={{ base: "wrap", lg: "nowrap" }}>
        <Mono
          size="sm"
          flex={{ base: "1 1 100%", sm: "0 1 240px" }}
          aria-label={say("name.label")}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : id}
          placeholder={say("name.label")}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          autoFocus={focused}
          disabled={disabled}
          readOnly={row.wanted !== undefined || row.kept}
          value={row.name}
          onPaste={(event) => {
            if (onPaste(event.clipboardData.getData("text"))) event.preventDefault();
          }}
          onChange={(event) => onChange({ name: event.target.value.trim() })}
        />
        <Value {...props} called={called} />
        <NativeSelect.Root size="sm" width="auto" flexShrink={0} disabled={disabled || untouched}>
          <NativeSelect.Field
            aria-label={say("scope.label")}
            title={untouched ? say("secret.keptTitle") : say("scope.label")}
            value={row.scope}
            onChange={(event) => {
              const scope = scopes.find((each) => each === event.target.value);
              if (scope !== undefined) onChange({ scope });
            }}
          >
            {scopes.map((scope) => (
              <option key={scope} value={scope}>
                {say(`scope.${scope}`)}
              </option>
            ))}
          </NativeSelect.Field>
          <NativeSelect.Indicator />
        </NativeSelect.Root>
        <Checkbox.Root
          size="sm"
          checked={row.secret}
          disabled={disabled || row.kept}
          onCheckedChange={({ checked }) => onChange({ secret: checked === true, decided: true })}
        >
          <Checkbox.HiddenInput />
          <Checkbox.Control />
          <Checkbox.Label>
            {say("secret.label")}
            <VisuallyHidden>{called}</VisuallyHidden>
          </Checkbox.Label>
        </Checkbox.Root>
        <IconButton
          size="xs"
          variant="ghost"
          aria-label={say("remove", { name: called })}
          title={say("remove", { name: called })}
          disabled={disabled || (row.wanted !== undefined && row.value === "")}
          onClick={onRemove}
        >
          <Trash2 size={14} />
        </IconButton>
      </Flex>
      {row.wanted !== undefined && (
        <Flex gap="2" mt="1" textStyle="small" color="fg.muted" align="center" wrap="wrap">
          <Text>
            {row.wanted.note !== null && `${row.wanted.note} · `}
            {say("wanted.by", { file: row.wanted.file })}
          </Text>
          {row.wanted.example !== null && row.value === "" && (
            <Button
              size="2xs"
              variant="outline"
              disabled={disabled}
              onClick={() => onChange({ value: row.wanted?.example ?? "" })}
            >
              {say("wanted.use", { value: row.wanted.example })}
            </Button>
          )}
        </Flex>
      )}
      {problem !== undefined && (
        <Text id={id} role="alert" textStyle="small" color="fg.error" mt="1">
          {say(`problem.${problem}`)}
        </Text>
      )}
    </Box>
  );
}

/** The value: masked where it is a secret, until somebody wants to see what they typed. */
function Value({ row, disabled, onChange, called }: VariableLineProps & { readonly called: string }) {
  const say = useSay(words);
  const [shown, setShown] = useState(false);
  const masked = row.secret && !shown;
  return (
    <Flex flex="1 1 200px" minW="0" gap="1" align="center">
      <Mono
        size="sm"
        flex="1"
        minW="0"
        // A password field would ask the browser to keep it: the text is only drawn as dots.
        {...(masked && { css: { WebkitTextSecurity: "disc" } })}
        aria-label={say("value.of", { name: called })}
        placeholder={row.kept ? say("secret.kept") : (row.wanted?.example ?? say("value.label"))}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        disabled={disabled}
        value={row.value}
        onChange={(event) => onChange({ value: event.target.value })}
      />
      {row.secret && (
        <IconButton
          size="xs"
          variant="ghost"
          aria-pressed={shown}
          aria-label={say(shown ? "hide" : "show", { name: called })}
          title={say(shown ? "hide" : "show", { name: called })}
          disabled={row.value === ""}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff size={14} /> : <Eye size={14} />}
        </IconButton>
      )}
    </Flex>
  );
}
