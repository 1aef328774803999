import { Box, Button, chakra, Flex, Text } from "@chakra-ui/react";
import { CircleX, RotateCw } from "lucide-react";
import { errorBodyOf } from "../api/errors.ts";
import { common } from "../words/common.ts";
import { useSay } from "../words/say.ts";
import { CopyButton } from "./copy-button.tsx";
import { Labelled } from "./labelled.tsx";

const Details = chakra("details", { base: { mt: "3", textStyle: "small", color: "fg.muted" } });
const Summary = chakra("summary", { base: { cursor: "pointer", width: "fit-content" } });

/** An error as people need it: what, why, what to do; raw details to copy and an id to quote. */
export function ErrorPanel({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const say = useSay(common);
  const body = errorBodyOf(error);
  const raw = JSON.stringify(body, undefined, 2);
  return (
    <Box
      role="alert"
      borderWidth="1px"
      borderColor="red.border"
      bg="bg.error"
      borderRadius="lg"
      p="4"
      colorPalette="red"
    >
      <Flex gap="3" align="start">
        <Box color="fg.error" pt="0.5" flexShrink={0} aria-hidden>
          <CircleX size={18} />
        </Box>
        <Box minW="0" flex="1">
          <Text fontWeight="semibold">{body.message}</Text>
          {body.cause !== undefined && <Labelled label={say("why")}>{body.cause}</Labelled>}
          {body.fix !== undefined && <Labelled label={say("todo")}>{body.fix}</Labelled>}
          <Details>
            <Summary>{say("details")}</Summary>
            <Box as="pre" textStyle="mono" fontSize="xs" mt="2" whiteSpace="pre-wrap" tabIndex={0}>
              {raw}
            </Box>
          </Details>
        </Box>
      </Flex>
      <Flex gap="2" mt="3" ps="7" wrap="wrap">
        {onRetry !== undefined && (
          <Button size="xs" variant="outline" bg="bg.panel" colorPalette="gray" onClick={onRetry}>
            <RotateCw size={14} />
            {say("retry")}
          </Button>
        )}
        <CopyButton text={raw} label={say("copyDetails")} />
      </Flex>
    </Box>
  );
}
