import { Button, Flex } from "@chakra-ui/react";
import { WifiOff } from "lucide-react";
import { live } from "../live/live.ts";
import { native } from "../native.ts";
import { useLiveState } from "../live/use-live.ts";
import { shell } from "../words/shell.ts";
import { useSay } from "../words/say.ts";
import { AgentState } from "./agent-state.tsx";

/** Says that what is shown may be old, while the agent does not answer. */
export function OfflineBanner() {
  const say = useSay(shell);
  const offline = useLiveState() === "offline";
  return (
    <Flex role="status" aria-live="polite" position="sticky" top="0" zIndex="banner">
      {offline && (
        <Flex
          flex="1"
          align="center"
          gap="3"
          wrap="wrap"
          px={{ base: "4", md: "8" }}
          py="2"
          bg="bg.warning"
          borderBottomWidth="1px"
          borderColor="amber.border"
          textStyle="small"
        >
          <WifiOff size={15} aria-hidden />
          {native === undefined ? say("live.offline") : <AgentState app={native} />}
          <Button size="2xs" variant="outline" onClick={() => live.retryNow()}>
            {say("live.retry")}
          </Button>
        </Flex>
      )}
    </Flex>
  );
}
