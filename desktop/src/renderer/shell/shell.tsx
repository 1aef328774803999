import { Box, Flex, SkipNavContent, SkipNavLink } from "@chakra-ui/react";
import type { ReactNode } from "react";
import { shell } from "../words/shell.ts";
import { useSay } from "../words/say.ts";
import { OfflineBanner } from "./offline-banner.tsx";
import { Sidebar } from "./sidebar.tsx";

/** The frame around every page. */
export function Shell({ name, children }: { readonly name: string | undefined; readonly children: ReactNode }) {
  const say = useSay(shell);
  return (
    <Flex direction={{ base: "column", md: "row" }} minH="100dvh">
      <SkipNavLink>{say("nav.skip")}</SkipNavLink>
      <Sidebar name={name} />
      <Box flex="1" minW="0">
        <OfflineBanner />
        <SkipNavContent asChild>
          <main>{children}</main>
        </SkipNavContent>
      </Box>
    </Flex>
  );
}
