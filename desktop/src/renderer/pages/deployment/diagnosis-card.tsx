import { Box, Button, chakra, Flex, Heading, Text } from "@chakra-ui/react";
import { CircleX, FileCode, ScrollText, Wrench } from "lucide-react";
import type { Deployment } from "@cloudsmith/contracts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Labelled } from "../../parts/labelled.tsx";
import { common } from "../../words/common.ts";
import { deployment as words } from "../../words/deployment.ts";
import { useSay } from "../../words/say.ts";
import { causeLine, isUnsure, placeOf, settingChanges, type FailureOf } from "./diagnosis.ts";
import type { DeploymentActions } from "./use-deployment-actions.ts";

export interface DiagnosisCardProps {
  readonly failure: FailureOf;
  readonly deployment: Deployment;
  readonly actions: DeploymentActions;
  /** Shows the line that the failure points at. */
  readonly onShowLine: () => void;
}

/** Why a deployment failed: what, why, where, and what to do about it, by a button where it can be done here. */
export function DiagnosisCard({ failure, deployment, actions, onShowLine }: DiagnosisCardProps) {
  const say = useSay(words);
  const sayCommon = useSay(common);
  const changes = settingChanges(failure);
  const raw = JSON.stringify({ deployment: deployment.id, traceparent: deployment.traceparent, failure }, undefined, 2);
  return (
    <Box
      as="section"
      aria-label={failure.message}
      borderWidth="1px"
      borderColor="red.border"
      borderStartWidth="3px"
      borderStartColor="red.solid"
      borderRadius="lg"
      bg="bg.panel"
      px="4"
      py="3"
      data-failure={failure.code}
    >
      <Flex gap="3" align="start">
        <Box color="fg.error" pt="0.5" flexShrink={0} aria-hidden>
          <CircleX size={18} />
        </Box>
        <Box minW="0" flex="1">
          <Flex align="baseline" gap="2" wrap="wrap">
            <Heading as="h2" textStyle="sectionTitle">
              {failure.message}
            </Heading>
            <Text textStyle="small" color="fg.muted">
              {say("diagnosis.code", { stage: say(`stage.${failure.stage}`), code: failure.code })}
            </Text>
          </Flex>
          {failure.cause !== undefined && failure.cause !== failure.message && (
            <Labelled label={sayCommon("why")}>
              <chakra.span fontFamily="mono" fontSize="xs">
                {failure.cause}
              </chakra.span>
            </Labelled>
          )}
          <Where failure={failure} onShowLine={onShowLine} />
          {failure.fix !== undefined && <Labelled label={sayCommon("todo")}>{failure.fix}</Labelled>}
          <Excerpt failure={failure} />
          {changes.length > 0 && <SettingChanges changes={changes} />}
          <Flex gap="2" mt="2.5" wrap="wrap">
            {changes.length > 0 ? (
              <Button
                size="xs"
                colorPalette="accent"
                loading={actions.fix.pending}
                disabled={actions.fix.hindrance !== undefined}
                title={actions.fix.hindrance}
                onClick={actions.fix.run}
              >
                <Wrench size={14} />
                {say("diagnosis.fix")}
              </Button>
            ) : (
              <Button
                size="xs"
                variant="outline"
                loading={actions.redeploy.pending}
                disabled={actions.redeploy.hindrance !== undefined}
                title={actions.redeploy.hindrance}
                onClick={actions.redeploy.run}
              >
                {say("diagnosis.again")}
              </Button>
            )}
            <CopyButton text={raw} label={sayCommon("copyDetails")} />
          </Flex>
        </Box>
      </Flex>
    </Box>
  );
}

/** The file that a person has to look at, and the line of the log that says so. */
function Where({ failure, onShowLine }: Pick<DiagnosisCardProps, "failure" | "onShowLine">) {
  const say = useSay(words);
  const place = placeOf(failure);
  const line = causeLine(failure);
  if (place === undefined && line === undefined) return null;
  return (
    <Labelled label={say("diagnosis.where")}>
      <Flex columnGap="3" wrap="wrap" align="center">
        {place !== undefined && (
          <Flex as="span" align="center" gap="1">
            <FileCode size={13} aria-hidden />
            <chakra.code fontFamily="mono" fontSize="xs">
              {place}
            </chakra.code>
          </Flex>
        )}
        {line !== undefined && (
          <Button
            size="2xs"
            variant="plain"
            px="0"
            height="auto"
            color="fg"
            textStyle="small"
            fontWeight="normal"
            textDecoration="underline"
            textUnderlineOffset="2px"
            onClick={onShowLine}
          >
            <ScrollText size={13} />
            {say("diagnosis.line", { number: line.position + 1 })}
          </Button>
        )}
      </Flex>
    </Labelled>
  );
}

function Excerpt({ failure }: { readonly failure: FailureOf }) {
  const say = useSay(words);
  const { excerpt = [] } = failure;
  // A cause that is known stands above, and the log below is opened at it.
  if (excerpt.length === 0 || !(isUnsure(failure) || failure.logLine === undefined)) return null;
  return (
    <>
      <Text textStyle="small" color="fg.muted" mt="2">
        {say("diagnosis.unsure")}
      </Text>
      <Box
        as="pre"
        tabIndex={0}
        role="region"
        aria-label={say("diagnosis.excerpt")}
        mt="2"
        p="2"
        maxH="140px"
        overflow="auto"
        bg="bg"
        borderWidth="1px"
        borderRadius="md"
        textStyle="mono"
        fontSize="xs"
        whiteSpace="pre-wrap"
      >
        {excerpt.join("\n")}
      </Box>
    </>
  );
}

function SettingChanges({ changes }: { readonly changes: readonly { name: string; value: string }[] }) {
  const say = useSay(words);
  return (
    <Box mt="2.5" textStyle="small">
      {say("diagnosis.change", { count: changes.length })}
      <Box as="ul" listStyleType="none" mt="1.5" px="3" py="1.5" bg="bg.muted" borderRadius="md" width="fit-content">
        {changes.map(({ name, value }) => (
          <li key={name}>
            <chakra.code fontFamily="mono" fontSize="xs">
              <chakra.span color="fg.muted" me="2">
                {name}
              </chakra.span>
              {value}
            </chakra.code>
          </li>
        ))}
      </Box>
    </Box>
  );
}
