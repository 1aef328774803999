import { Box, Flex, Spinner, Stack, Text } from "@chakra-ui/react";
import type { BuildPlan, PlanSettings } from "@cloudsmith/contracts";
import type { SourceReview } from "@cloudsmith/contracts/api";
import { Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Section } from "../../parts/section.tsx";
import { PlanRows } from "../../plan/plan-rows.tsx";
import { plan as planWords } from "../../words/plan.ts";
import { review as words } from "../../words/review.ts";
import { useSay } from "../../words/say.ts";
import { RefusedPlan } from "./refused-plan.tsx";

export interface PlanSectionProps {
  readonly review: SourceReview;
  readonly settings: PlanSettings;
  readonly replanning: boolean;
  readonly disabled: boolean;
  readonly onSettings: (settings: PlanSettings) => void;
  readonly onApp: (dir: string) => void;
  readonly onAgain: () => void;
}

/** The plan with its reasons, or why there is none. */
export function PlanSection(props: PlanSectionProps) {
  const { review, settings, replanning, disabled, onSettings } = props;
  const say = useSay(words);
  const sayPlan = useSay(planWords);
  const { plan } = review;
  if (plan === null) return <RefusedPlan {...props} />;
  return (
    <Section
      title={say("plan.title")}
      detail={say("plan.detail")}
      actions={
        <Flex align="center" gap="2" textStyle="small" color="fg.muted" role="status">
          {replanning && (
            <>
              <Spinner size="xs" />
              {say("plan.replanning")}
            </>
          )}
          {!replanning && <Text fontWeight="medium">{sayPlan(`kind.${plan.kind}`)}</Text>}
        </Flex>
      }
    >
      <PlanRows plan={plan} detected={review.detected} settings={settings} disabled={disabled} onChange={onSettings} />
      <Notes plan={plan} notes={review.notes} />
    </Section>
  );
}

/** Warnings of the plan, processes that are not run, and what was left out of the source. */
function Notes({ plan, notes }: { readonly plan: BuildPlan; readonly notes: readonly string[] }) {
  const say = useSay(planWords);
  const notRun = plan.processes.filter(({ run }) => !run).map(({ name }) => name);
  if (plan.warnings.length + notes.length + notRun.length === 0) return null;
  return (
    <Stack as="ul" listStyleType="none" gap="1.5" mt="3">
      {plan.warnings.map(({ code, message, fix }) => (
        <Note key={code + message} tone="amber" icon={<TriangleAlert size={15} />}>
          {message}
          {fix !== undefined && (
            <Text as="span" color="fg.muted" ms="1.5">
              {fix}
            </Text>
          )}
        </Note>
      ))}
      {notRun.length > 0 && (
        <Note tone="blue" icon={<Info size={15} />}>
          {say("processes.notRun", { names: notRun.join(", ") })}
        </Note>
      )}
      {notes.map((note) => (
        <Note key={note} tone="blue" icon={<Info size={15} />}>
          {note}
        </Note>
      ))}
    </Stack>
  );
}

function Note({
  tone,
  icon,
  children,
}: {
  readonly tone: string;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <Flex as="li" gap="2" textStyle="small" align="start">
      <Box colorPalette={tone} color="colorPalette.fg" pt="0.5" aria-hidden flexShrink={0}>
        {icon}
      </Box>
      <Box minW="0">{children}</Box>
    </Flex>
  );
}
