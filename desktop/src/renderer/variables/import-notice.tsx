import { Box, CloseButton, Flex, Text } from "@chakra-ui/react";
import { common } from "../words/common.ts";
import { useSay } from "../words/say.ts";
import { variables as words } from "../words/variables.ts";
import type { EnvImport } from "./variable-rows.ts";

/** What came of a file that was imported. */
export function ImportNotice({ told, onClose }: { readonly told: EnvImport; readonly onClose: () => void }) {
  const say = useSay(words);
  const sayCommon = useSay(common);
  const { added, changed, unchanged, repeated, unread } = told;
  const counts = [
    ...(added.length > 0 ? [say("imported.added", { count: added.length })] : []),
    ...(changed.length > 0 ? [say("imported.changed", { count: changed.length })] : []),
    ...(unchanged.length > 0 ? [say("imported.unchanged", { count: unchanged.length })] : []),
  ];
  return (
    <Flex role="status" bg="bg.info" borderRadius="lg" px="3" py="2" mb="2" gap="2" align="start">
      <Box flex="1" minW="0" textStyle="small">
        <Text>{counts.length === 0 ? say("imported.nothing") : counts.join(" · ")}</Text>
        {repeated.length > 0 && <Text>{say("imported.repeated", { names: repeated.join(", ") })}</Text>}
        {unread.length > 0 && (
          <Text>
            {say("imported.unread", {
              count: unread.length,
              lines: unread
                .slice(0, 5)
                .map(({ line, text }) => `${line}: ${text.slice(0, 40)}`)
                .join(", "),
            })}
          </Text>
        )}
      </Box>
      <CloseButton size="2xs" aria-label={sayCommon("close")} onClick={onClose} />
    </Flex>
  );
}
