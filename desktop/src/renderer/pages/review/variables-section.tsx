import { Flex, Text } from "@chakra-ui/react";
import type { SourceReview } from "@cloudsmith/contracts/api";
import { CircleAlert } from "lucide-react";
import { Section } from "../../parts/section.tsx";
import { missingByFile } from "../../variables/asked-for.ts";
import { VariableEditor } from "../../variables/variable-editor.tsx";
import type { VariableRow } from "../../variables/variable-rows.ts";
import { review as words } from "../../words/review.ts";
import { useSay } from "../../words/say.ts";
import { variables as variableWords } from "../../words/variables.ts";

export interface VariablesSectionProps {
  readonly review: SourceReview;
  readonly environment: string;
  readonly rows: readonly VariableRow[];
  readonly disabled: boolean;
  readonly onChange: (rows: readonly VariableRow[]) => void;
}

/** Variables and secrets of the environment; what the repository asks for stands first. */
export function VariablesSection({ environment, rows, disabled, onChange }: VariablesSectionProps) {
  const say = useSay(words);
  const sayVariables = useSay(variableWords);
  return (
    <Section title={say("variables.title")} detail={say("variables.detail", { environment })}>
      {missingByFile(rows).map(({ file, names }) => (
        <Flex key={file} gap="2" align="start" bg="bg.warning" borderRadius="lg" px="3" py="2" mb="2" textStyle="small">
          <Flex color="fg.warning" pt="0.5" aria-hidden>
            <CircleAlert size={15} />
          </Flex>
          <Text>
            <Text as="span" fontWeight="medium" me="1.5">
              {sayVariables("wanted.missing", { count: names.length, file })}
            </Text>
            {sayVariables("wanted.missingText")}
          </Text>
        </Flex>
      ))}
      <VariableEditor rows={rows} onChange={onChange} disabled={disabled} />
    </Section>
  );
}
