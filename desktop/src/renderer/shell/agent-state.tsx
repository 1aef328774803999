import { Box, Button, Flex, Text } from "@chakra-ui/react";
import { useEffect, useState } from "react";
import type { AgentStatus, Bridge } from "../../bridge.ts";
import { toastError } from "../parts/toast.ts";
import { desktop } from "../words/desktop.ts";
import { useSay, type Say } from "../words/say.ts";

/** What the agent behind the page is doing, as the desktop app knows it; undefined until it has said so. */
export function useAgentStatus(app: Bridge): AgentStatus | undefined {
  const [status, setStatus] = useState<AgentStatus>();
  useEffect(() => {
    const stop = app.onAgent(setStatus);
    void app.agent().then(setStatus, toastError);
    return stop;
  }, [app]);
  return status;
}

/** In words, with the way to start it where it does not run, and the end of its log where it ended. */
export function AgentState({ app }: { readonly app: Bridge }) {
  const say = useSay(desktop);
  const status = useAgentStatus(app);
  if (status === undefined) return null;
  const isDown = status.state === "stopped" || status.state === "failed";
  const log = "log" in status ? status.log : [];
  return (
    <Box role="status" data-agent={status.state}>
      <Flex align="center" gap="3" wrap="wrap">
        <Text>{told(status, say)}</Text>
        {isDown && (
          <Button size="xs" variant="outline" onClick={() => void app.startAgent().catch(toastError)}>
            {say("agent.start")}
          </Button>
        )}
      </Flex>
      {log.length > 0 && (
        <Box
          as="pre"
          aria-label={say("agent.log")}
          tabIndex={0}
          mt="2"
          p="2"
          maxH="160px"
          overflow="auto"
          borderWidth="1px"
          borderRadius="md"
          bg="bg.panel"
          fontFamily="mono"
          fontSize="xs"
        >
          {log.join("\n")}
        </Box>
      )}
    </Box>
  );
}

function told(status: AgentStatus, say: Say<typeof desktop>): string {
  switch (status.state) {
    case "failed":
      return `${status.message}. ${status.fix}`;
    case "running":
      return say("agent.running", { version: status.version });
    case "replacing":
      return say("agent.replacing", { from: status.from, to: status.to });
    default:
      return say(`agent.${status.state}`);
  }
}
