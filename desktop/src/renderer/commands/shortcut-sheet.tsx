import { Box, CloseButton, Dialog, Flex, Heading, Portal } from "@chakra-ui/react";
import { KeyHint } from "../parts/key-hint.tsx";
import { common } from "../words/common.ts";
import { palette } from "../words/palette.ts";
import { useSay } from "../words/say.ts";
import { show } from "./palette-state.ts";
import { useAllCommands } from "./registry.ts";

/** The keys of everything that can be done on the page that is shown. */
export function ShortcutSheet() {
  const say = useSay(palette);
  const sayCommon = useSay(common);
  const commands = useAllCommands().filter(({ keys }) => keys !== undefined);
  const groups = [...new Set(commands.map(({ group }) => group))];
  return (
    <Dialog.Root open onOpenChange={({ open }) => !open && show("nothing")} size="sm" scrollBehavior="inside" lazyMount>
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner px="3">
          <Dialog.Content>
            <Dialog.Header>
              <Dialog.Title textStyle="sectionTitle">{say("sheet.title")}</Dialog.Title>
            </Dialog.Header>
            <Dialog.Body tabIndex={0} display="grid" gap="4">
              {groups.map((group) => (
                <Box key={group}>
                  <Heading as="h3" textStyle="label" color="fg.muted" mb="1">
                    {group}
                  </Heading>
                  {commands
                    .filter((command) => command.group === group)
                    .map(({ id, title, keys = "" }) => (
                      <Flex key={id} justify="space-between" gap="4" py="1">
                        {title}
                        <KeyHint keys={keys} spoken />
                      </Flex>
                    ))}
                </Box>
              ))}
            </Dialog.Body>
            <Dialog.CloseTrigger asChild>
              <CloseButton size="xs" aria-label={sayCommon("close")} />
            </Dialog.CloseTrigger>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </Dialog.Root>
  );
}
