import { Box, Button, Field, Flex, Input, NativeSelect, Stack, Text } from "@chakra-ui/react";
import { hostLabel } from "@cloudsmith/contracts";
import type { SourceReview } from "@cloudsmith/contracts/api";
import { CircleCheck, Rocket, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { review as words } from "../../words/review.ts";
import { useSay } from "../../words/say.ts";
import type { Ready } from "./ready.ts";

export interface DeployPanelProps {
  readonly review: SourceReview;
  readonly name: string;
  readonly environment: string;
  readonly ready: Ready;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onName: (name: string) => void;
  readonly onEnvironment: (environment: string) => void;
  readonly onDeploy: () => void;
}

/** Name, environment, target, and the one button; stays in sight while the rest is read. */
export function DeployPanel(props: DeployPanelProps) {
  const { review, name, environment, ready, pending, error, onName, onDeploy } = props;
  const say = useSay(words);
  const url = `${hostLabel(name, environment)}.localhost`;
  return (
    <Box
      as="aside"
      aria-label={say("where.title")}
      position={{ lg: "sticky" }}
      top="6"
      borderWidth="1px"
      borderRadius="lg"
      bg="bg.panel"
      p="4"
    >
      <Stack gap="4">
        <Field.Root invalid={ready.nameProblem !== undefined} disabled={pending || review.project !== null}>
          <Field.Label>{say("name.label")}</Field.Label>
          <Input
            size="sm"
            autoComplete="off"
            spellCheck={false}
            value={name}
            onChange={(event) => onName(event.target.value)}
          />
          {ready.nameProblem === undefined ? (
            <Field.HelperText>
              {review.project === null ? say("name.text", { url }) : say("name.taken")}
            </Field.HelperText>
          ) : (
            <Field.ErrorText>{ready.nameProblem}</Field.ErrorText>
          )}
        </Field.Root>
        <EnvironmentSelect {...props} />
        <Field.Root disabled={pending}>
          <Field.Label>{say("target.label")}</Field.Label>
          <NativeSelect.Root size="sm">
            <NativeSelect.Field defaultValue="local">
              <option value="local">{say("target.local")}</option>
            </NativeSelect.Field>
            <NativeSelect.Indicator />
          </NativeSelect.Root>
          <Field.HelperText>{say("target.text")}</Field.HelperText>
        </Field.Root>
        <Summary ready={ready} review={review} />
        <Button
          colorPalette="accent"
          size="md"
          width="full"
          loading={pending}
          loadingText={say("deploying")}
          disabled={ready.blocked !== undefined}
          onClick={onDeploy}
        >
          <Rocket size={16} />
          {say("deploy")}
        </Button>
        {error != null && <ErrorPanel error={error} />}
      </Stack>
    </Box>
  );
}

/** What a person should know before pressing the button. */
function Summary({ ready, review }: Pick<DeployPanelProps, "ready" | "review">) {
  const say = useSay(words);
  const lines = [
    ...(ready.blocked === undefined ? [] : [say(`deploy.${ready.blocked}`)]),
    ...(ready.missing > 0 ? [say("deploy.missing", { count: ready.missing })] : []),
    ...(ready.warnings > 0 ? [say("deploy.warnings", { count: ready.warnings })] : []),
  ];
  const Icon = lines.length === 0 ? CircleCheck : TriangleAlert;
  return (
    <Flex gap="2" textStyle="small" align="start">
      <Box color={lines.length === 0 ? "fg.success" : "fg.warning"} pt="0.5" aria-hidden>
        <Icon size={15} />
      </Box>
      <Box>
        {(lines.length === 0 ? [say("deploy.ready")] : lines).map((line) => (
          <Text key={line}>{line}</Text>
        ))}
        {review.project !== null && (
          <Text color="fg.muted">{say("deploy.existing", { project: review.project.name })}</Text>
        )}
      </Box>
    </Flex>
  );
}

const newOne = " new";

/** One of the environments, or the name of a new one. */
function EnvironmentSelect({ review, environment, ready, pending, onEnvironment }: DeployPanelProps) {
  const say = useSay(words);
  const known = [...new Set(["production", ...(review.project?.environments ?? ["staging"])])];
  const [adding, setAdding] = useState(!known.includes(environment));
  const [typed, setTyped] = useState(known.includes(environment) ? "" : environment);
  return (
    <Stack gap="2">
      <Field.Root disabled={pending}>
        <Field.Label>{say("environment.label")}</Field.Label>
        <NativeSelect.Root size="sm">
          <NativeSelect.Field
            value={adding ? newOne : environment}
            onChange={(event) => {
              const { value } = event.target;
              setAdding(value === newOne);
              if (value !== newOne) onEnvironment(value);
            }}
          >
            {known.map((name) => (
              <option key={name}>{name}</option>
            ))}
            <option value={newOne}>{say("environment.new")}</option>
          </NativeSelect.Field>
          <NativeSelect.Indicator />
        </NativeSelect.Root>
      </Field.Root>
      {adding && (
        <Field.Root disabled={pending} invalid={ready.environmentProblem !== undefined}>
          <Field.Label>{say("environment.newName")}</Field.Label>
          <Input
            size="sm"
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={() => typed !== "" && onEnvironment(typed)}
            onKeyDown={(event) => event.key === "Enter" && typed !== "" && onEnvironment(typed)}
          />
          <Field.ErrorText>{ready.environmentProblem}</Field.ErrorText>
        </Field.Root>
      )}
    </Stack>
  );
}
