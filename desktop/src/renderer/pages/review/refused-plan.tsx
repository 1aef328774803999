import { Box, Button, Field, Flex, Grid, Input, Stack, Text } from "@chakra-ui/react";
import type { PlanSettings } from "@cloudsmith/contracts";
import type { SourceReview } from "@cloudsmith/contracts/api";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { Section } from "../../parts/section.tsx";
import { plan as planWords } from "../../words/plan.ts";
import { common } from "../../words/common.ts";
import { review as words } from "../../words/review.ts";
import { useSay } from "../../words/say.ts";

export interface RefusedPlanProps {
  readonly review: Pick<SourceReview, "failure" | "apps">;
  readonly settings: PlanSettings;
  readonly disabled: boolean;
  readonly onSettings: (settings: PlanSettings) => void;
  /** Chooses another app of the source; absent where its folder is edited elsewhere on the page. */
  readonly onApp?: (dir: string) => void;
  readonly onAgain: () => void;
}

/** Why there is no plan, and every way on from here: another app of the source, or saying by hand how it works. */
export function RefusedPlan({ review, settings, disabled, onSettings, onApp, onAgain }: RefusedPlanProps) {
  const say = useSay(words);
  const sayCommon = useSay(common);
  const { failure, apps } = review;
  return (
    <Section title={say("refused.title")}>
      <Box role="alert" borderWidth="1px" borderColor="amber.border" bg="bg.warning" borderRadius="lg" p="4" mb="4">
        <Flex gap="3">
          <Box color="fg.warning" pt="0.5" aria-hidden>
            <TriangleAlert size={18} />
          </Box>
          <Box minW="0">
            <Text fontWeight="semibold">{failure?.message}</Text>
            {failure?.cause !== undefined && (
              <Text textStyle="small" mt="1">
                <Text as="span" color="fg.muted" me="1.5">
                  {sayCommon("why")}
                </Text>
                {failure.cause}
              </Text>
            )}
            <Text textStyle="small" mt="1">
              <Text as="span" color="fg.muted" me="1.5">
                {sayCommon("todo")}
              </Text>
              {/* The fix of the planner is for the command line; here its ways are on the page. */}
              {failure?.code === "no-app-found"
                ? say(apps.length > 0 ? "refused.fixApps" : "refused.fixNone")
                : failure?.fix}
            </Text>
            <Button size="xs" variant="outline" mt="3" onClick={onAgain}>
              {say("refused.again")}
            </Button>
          </Box>
        </Flex>
      </Box>
      {apps.length > 0 && onApp !== undefined && (
        <Box mb="4">
          <Text textStyle="label" mb="1.5">
            {say("refused.apps")}
          </Text>
          <Stack as="ul" listStyleType="none" gap="0" borderWidth="1px" borderRadius="lg" overflow="hidden">
            {apps.map((app) => (
              <Box as="li" key={app.dir} borderBottomWidth="1px" _last={{ borderBottomWidth: 0 }}>
                <Button
                  variant="ghost"
                  width="full"
                  justifyContent="space-between"
                  borderRadius="0"
                  disabled={disabled}
                  onClick={() => onApp(app.dir)}
                >
                  <Text as="span" textStyle="mono">
                    {app.dir === "" ? "." : app.dir}
                  </Text>
                  <Text as="span" textStyle="small" color="fg.muted">
                    {app.framework ?? app.name}
                  </Text>
                </Button>
              </Box>
            ))}
          </Stack>
        </Box>
      )}
      <ByHand settings={settings} disabled={disabled} onSettings={onSettings} />
    </Section>
  );
}

function ByHand({ settings, disabled, onSettings }: Pick<RefusedPlanProps, "settings" | "disabled" | "onSettings">) {
  const say = useSay(words);
  const sayPlan = useSay(planWords);
  const [start, setStart] = useState(settings.start ?? "");
  const [output, setOutput] = useState(settings.output ?? "");
  const [build, setBuild] = useState(settings.build ?? "");
  const { start: _start, output: _output, build: _build, ...others } = settings;
  return (
    <Box
      as="form"
      onSubmit={(event) => {
        event.preventDefault();
        onSettings({
          ...others,
          ...(start.trim() !== "" && { start: start.trim() }),
          ...(output.trim() !== "" && { output: output.trim() }),
          ...(build.trim() !== "" && { build: build.trim() }),
        });
      }}
    >
      <Text textStyle="label">{say("refused.byHand")}</Text>
      <Text textStyle="small" color="fg.muted" mb="2">
        {say("refused.byHandText")}
      </Text>
      <Grid templateColumns={{ base: "1fr", sm: "repeat(3, 1fr)" }} gap="3" mb="3">
        {[
          { label: sayPlan("field.start"), value: start, set: setStart, hint: "node server.js" },
          { label: sayPlan("field.output"), value: output, set: setOutput, hint: "public" },
          { label: sayPlan("field.build"), value: build, set: setBuild, hint: "npm run build" },
        ].map(({ label, value, set, hint }) => (
          <Field.Root key={label} disabled={disabled}>
            <Field.Label>{label}</Field.Label>
            <Input
              size="sm"
              fontFamily="mono"
              placeholder={hint}
              spellCheck={false}
              autoComplete="off"
              value={value}
              onChange={(event) => set(event.target.value)}
            />
          </Field.Root>
        ))}
      </Grid>
      <Button
        type="submit"
        size="sm"
        variant="outline"
        disabled={disabled || (start.trim() === "" && output.trim() === "")}
      >
        {say("refused.again")}
      </Button>
    </Box>
  );
}
