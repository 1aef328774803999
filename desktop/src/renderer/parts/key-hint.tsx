import { Flex, Kbd } from "@chakra-ui/react";
import { partsOf } from "../commands/keys.ts";

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys of a command: Ctrl K, or G then P. Beside the command itself they are for the eye only, unless `spoken`. */
export function KeyHint({ keys, spoken = false }: { readonly keys: string; readonly spoken?: boolean }) {
  return (
    <Flex as="span" display="inline-flex" gap="1" aria-hidden={!spoken}>
      {partsOf(keys, isMac).flatMap((press, index) =>
        press.map((part) => (
          <Kbd key={`${index} ${part}`} size="sm" variant="outline">
            {part}
          </Kbd>
        )),
      )}
    </Flex>
  );
}
