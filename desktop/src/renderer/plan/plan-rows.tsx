import { Box, Button } from "@chakra-ui/react";
import type { BuildPlan, PlanSettings } from "@cloudsmith/contracts";
import { useState } from "react";
import { plan as words } from "../words/plan.ts";
import { useSay } from "../words/say.ts";
import { editField, planRows, resetField, type PlanFieldName, type PlanFormRow } from "./plan-form.ts";
import { PlanLine } from "./plan-line.tsx";

export interface PlanRowsProps {
  readonly plan: BuildPlan;
  readonly detected: BuildPlan | null;
  readonly settings: PlanSettings;
  readonly onChange: (settings: PlanSettings) => void;
  readonly disabled?: boolean;
}

/** Fields that are shown only where they say something, or all are wanted. */
const quiet: ReadonlySet<PlanFieldName> = new Set([
  "release",
  "port",
  "startSeconds",
  "persist",
  "memoryMb",
  "buildMemoryMb",
  "buildSeconds",
  "spa",
]);

/** The plan, field by field, each with its reason and a way to change it and to take the change back. */
export function PlanRows({ plan, detected, settings, onChange, disabled = false }: PlanRowsProps) {
  const say = useSay(words);
  const [all, setAll] = useState(false);
  const rows = planRows(plan, detected, settings);
  const shown = all ? rows : rows.filter(says);
  return (
    <Box borderWidth="1px" borderRadius="lg" bg="bg.panel">
      <Box as="dl">
        {shown.map((row) => (
          <PlanLine
            key={row.name}
            row={row}
            disabled={disabled}
            onType={(typed) => onChange(editField(settings, row.name, typed, { plan, detected }))}
            onReset={() => onChange(resetField(settings, row.name))}
          />
        ))}
      </Box>
      {(all || shown.length < rows.length) && (
        <Box px="2" py="1.5" borderTopWidth="1px" borderColor="border.muted">
          <Button size="xs" variant="ghost" aria-expanded={all} onClick={() => setAll(!all)}>
            {say(all ? "fewer" : "more")}
          </Button>
        </Box>
      )}
    </Box>
  );
}

function says(row: PlanFormRow): boolean {
  return !quiet.has(row.name) || row.overridden || (row.value !== "" && row.reason !== null);
}
