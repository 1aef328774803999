import { Box, Button, Flex, Stack, Text } from "@chakra-ui/react";
import { FileInput, KeyRound, Plus } from "lucide-react";
import { useState, type DragEvent } from "react";
import { EmptyState } from "../parts/empty-state.tsx";
import { useSay } from "../words/say.ts";
import { variables as words } from "../words/variables.ts";
import { ImportDialog } from "./import-dialog.tsx";
import { ImportNotice } from "./import-notice.tsx";
import { VariableLine } from "./variable-line.tsx";
import {
  editRow,
  importEnv,
  isEnvText,
  newRow,
  problemsOf,
  type EnvImport,
  type VariableRow,
} from "./variable-rows.ts";

export interface VariableEditorProps {
  readonly rows: readonly VariableRow[];
  readonly onChange: (rows: readonly VariableRow[]) => void;
  readonly disabled?: boolean;
}

/** Variables and secrets as rows that are edited, pasted and dropped into. What it means is in `variable-rows.ts`. */
export function VariableEditor({ rows, onChange, disabled = false }: VariableEditorProps) {
  const say = useSay(words);
  const [importing, setImporting] = useState(false);
  const [told, setTold] = useState<EnvImport>();
  const [dropping, setDropping] = useState(false);
  const [fresh, setFresh] = useState<string>();
  const problems = problemsOf(rows);
  const take = (text: string): void => {
    const result = importEnv(rows, text);
    setTold(result);
    onChange(result.rows);
  };
  const add = (): void => {
    const row = newRow();
    setFresh(row.id);
    onChange([...rows, row]);
  };
  const onDrop = async (event: DragEvent): Promise<void> => {
    const file = event.dataTransfer.files[0];
    setDropping(false);
    if (file === undefined || disabled) return;
    event.preventDefault();
    event.stopPropagation();
    take(await file.text());
  };
  return (
    <Box
      position="relative"
      onDragOver={(event) => {
        if (disabled || !event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        event.stopPropagation();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={(event) => void onDrop(event)}
    >
      {told !== undefined && <ImportNotice told={told} onClose={() => setTold(undefined)} />}
      <Box borderWidth="1px" borderRadius="lg" bg="bg.panel">
        {rows.length === 0 ? (
          <EmptyState icon={KeyRound} title={say("empty.title")} text={say("empty.text")} />
        ) : (
          <Stack as="ul" listStyleType="none" gap="0" aria-label={say("list")}>
            {rows.map((row) => (
              <VariableLine
                key={row.id}
                row={row}
                problem={problems.get(row.id)}
                focused={row.id === fresh}
                disabled={disabled}
                onChange={(change) => onChange(rows.map((each) => (each.id === row.id ? editRow(each, change) : each)))}
                onRemove={() => onChange(withoutRow(rows, row))}
                onPaste={(text) => {
                  if (!isEnvText(text)) return false;
                  take(text);
                  return true;
                }}
              />
            ))}
          </Stack>
        )}
      </Box>
      <Flex gap="2" mt="2" wrap="wrap">
        <Button size="xs" variant="outline" onClick={add} disabled={disabled}>
          <Plus size={14} />
          {say("add")}
        </Button>
        <Button size="xs" variant="outline" onClick={() => setImporting(true)} disabled={disabled}>
          <FileInput size={14} />
          {say("paste")}
        </Button>
      </Flex>
      {dropping && (
        <Flex
          position="absolute"
          inset="0"
          align="center"
          justify="center"
          borderRadius="lg"
          borderWidth="2px"
          borderStyle="dashed"
          borderColor="accent.solid"
          bg="accent.subtle"
          pointerEvents="none"
        >
          <Text fontWeight="medium">{say("drop")}</Text>
        </Flex>
      )}
      <ImportDialog open={importing} onClose={() => setImporting(false)} onImport={take} />
    </Box>
  );
}

/** A row that the repository asks for stays, empty. */
function withoutRow(rows: readonly VariableRow[], row: VariableRow): readonly VariableRow[] {
  return row.wanted === undefined
    ? rows.filter((each) => each.id !== row.id)
    : rows.map((each) => (each.id === row.id ? editRow(each, { value: "" }) : each));
}
