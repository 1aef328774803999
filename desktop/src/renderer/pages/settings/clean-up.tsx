import { Box, Button, Flex, Text } from "@chakra-ui/react";
import { useMutation } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { api } from "../../api/client.ts";
import { bytes } from "../../parts/bytes.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { diagnostics } from "../../words/diagnostics.ts";
import { useSay } from "../../words/say.ts";

/** Gives disk space back. */
export function CleanUp() {
  const say = useSay(diagnostics);
  const clean = useMutation(api.system.clean.mutationOptions());
  return (
    <Section title={say("clean.title")} detail={say("clean.detail")}>
      {clean.isError && (
        <Box mb="3">
          <ErrorPanel error={clean.error} />
        </Box>
      )}
      <Flex align="center" gap="3">
        <Button size="xs" variant="outline" loading={clean.isPending} onClick={() => clean.mutate(undefined)}>
          <Trash2 size={13} />
          {say("clean.action")}
        </Button>
        <Text role="status" textStyle="small" color="fg.muted">
          {clean.data !== undefined && say("clean.done", { size: bytes(clean.data.freedBytes) })}
        </Text>
      </Flex>
    </Section>
  );
}
