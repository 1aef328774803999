import { Flex, Kbd } from "@chakra-ui/react";
import { partsOf } from "../commands/keys.ts";

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys of a command: Ctrl K, or G then P. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <Flex as="span" display="inline-flex" gap="1" aria-hidden>
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
