import { Box, chakra } from "@chakra-ui/react";
import type { Deployment } from "@cloudsmith/contracts";
import { ListTree } from "lucide-react";
import { EmptyState } from "../../parts/empty-state.tsx";
import { deployment as words } from "../../words/deployment.ts";
import { plan as planWords } from "../../words/plan.ts";
import { useSay } from "../../words/say.ts";
import { planRows } from "./plan-rows.ts";
import { Cell, Frame, HeadCell, Table } from "./table.tsx";

/** How it is built and started, and why so. */
export function PlanTab({ deployment: { plan } }: { readonly deployment: Deployment }) {
  const say = useSay(words);
  const sayPlan = useSay(planWords);
  if (plan === null) return <EmptyState icon={ListTree} title={say("tab.plan")} text={say("plan.none")} />;
  return (
    <Frame>
      <Table aria-label={say("tab.plan")}>
        <thead>
          <tr>
            <HeadCell width="200px">{say("plan.field")}</HeadCell>
            <HeadCell>{say("plan.value")}</HeadCell>
            <HeadCell>{say("plan.why")}</HeadCell>
          </tr>
        </thead>
        <tbody>
          {planRows(plan, sayPlan).map(({ field, name, value, reasons }) => (
            <tr key={field} data-field={field}>
              <Cell whiteSpace="nowrap" color="fg.muted">
                {name}
              </Cell>
              <Cell>
                {value === "" ? (
                  <chakra.span color="fg.muted">{sayPlan("none")}</chakra.span>
                ) : (
                  <chakra.code fontFamily="mono" fontSize="xs" overflowWrap="anywhere">
                    {value}
                  </chakra.code>
                )}
              </Cell>
              <Cell color="fg.muted">
                {reasons.map(({ origin, because }) => (
                  <Box key={`${origin} ${because}`}>
                    {origin === "detected"
                      ? because
                      : say("plan.reason", { because, origin: say(`plan.origin.${origin}`) })}
                  </Box>
                ))}
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
    </Frame>
  );
}
