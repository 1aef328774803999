import { Box, Button, Code, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { useEffect } from "react";
import { CopyButton } from "../parts/copy-button.tsx";
import { WindowTitle } from "../parts/window-title.tsx";
import { shell } from "../words/shell.ts";
import { useSay } from "../words/say.ts";

const commands = ["cloudsmith open --ui", "npm run cloudsmith -- open --ui"] as const;

/** How to sign this browser in; looks again when the window is looked at again. */
export function SignedOut({ onLook }: { readonly onLook: () => void }) {
  const say = useSay(shell);
  useEffect(() => {
    const onChange = (): void => {
      if (document.visibilityState === "visible") onLook();
    };
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, [onLook]);
  return (
    <Flex as="main" minH="100dvh" align="center" justify="center" p="6">
      <WindowTitle title={say("signedOut.title")} />
      <Stack gap="4" maxW="440px" width="full">
        <Heading as="h1" textStyle="pageTitle">
          {say("signedOut.title")}
        </Heading>
        <Text color="fg.muted">{say("signedOut.text")}</Text>
        {commands.map((command) => (
          <Flex
            key={command}
            align="center"
            justify="space-between"
            gap="2"
            bg="bg.muted"
            borderRadius="md"
            px="3"
            py="2"
          >
            <Code bg="transparent" px="0">
              {command}
            </Code>
            <CopyButton text={command} />
          </Flex>
        ))}
        <Box>
          <Button size="sm" variant="outline" onClick={onLook}>
            {say("signedOut.again")}
          </Button>
        </Box>
      </Stack>
    </Flex>
  );
}
