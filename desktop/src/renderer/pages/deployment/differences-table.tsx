import { chakra } from "@chakra-ui/react";
import type { Difference } from "@cloudsmith/contracts/api";
import { deployment as words } from "../../words/deployment.ts";
import { useSay } from "../../words/say.ts";
import { Cell, HeadCell, Table } from "./table.tsx";

/** What differs, part by part: before and now beside each other. */
export function DifferencesTable({
  differences,
  label,
}: {
  readonly differences: readonly Difference[];
  readonly label: string;
}) {
  const say = useSay(words);
  return (
    <Table aria-label={label}>
      <thead>
        <tr>
          <HeadCell>{say("changes.what")}</HeadCell>
          <HeadCell>{say("changes.before")}</HeadCell>
          <HeadCell>{say("changes.after")}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ part, name, before, after }) => (
          <tr key={`${part} ${name}`}>
            <Cell>
              <chakra.span color="fg.muted">{say(`changes.${part}`)}</chakra.span>
              {name === part ? "" : ` ${name}`}
            </Cell>
            <Cell>
              <Value value={before} tone="red" />
            </Cell>
            <Cell>
              <Value value={after} tone="green" />
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Value({ value, tone }: { readonly value: string | null; readonly tone: "red" | "green" }) {
  const say = useSay(words);
  if (value === null) return <chakra.span color="fg.muted">{say("changes.none")}</chakra.span>;
  return (
    <chakra.code
      fontFamily="mono"
      fontSize="xs"
      bg={`${tone}.subtle`}
      color={`${tone}.fg`}
      px="1"
      borderRadius="sm"
      overflowWrap="anywhere"
    >
      {value}
    </chakra.code>
  );
}
