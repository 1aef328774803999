import { Box, chakra, Flex } from "@chakra-ui/react";
import { createLink } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { native } from "../../native.ts";
import { Page } from "../../parts/page.tsx";
import { settings } from "../../words/settings.ts";
import { useSay } from "../../words/say.ts";

/** Tabs of the settings, in their order; each is a page with an address of its own. */
const tabs = ["appearance", "notifications", "desktop", "accounts", "sessions", "diagnostics"] as const;
export type SettingsTab = (typeof tabs)[number];

/** A browser has nothing of the desktop app. */
const shownTabs = tabs.filter((tab) => tab !== "desktop" || native !== undefined);

const TabLink = createLink(
  chakra("a", {
    base: {
      px: "3",
      height: "32px",
      display: "flex",
      alignItems: "center",
      borderRadius: "md",
      color: "fg.muted",
      whiteSpace: "nowrap",
      _hover: { bg: "bg.muted", color: "fg" },
      _currentPage: { bg: "bg.muted", color: "fg", fontWeight: "medium" },
    },
  }),
);

/** A page of the settings with the way to the others. */
export function SettingsFrame({ tab, children }: { readonly tab: SettingsTab; readonly children: ReactNode }) {
  const say = useSay(settings);
  return (
    <Page title={say(`tab.${tab}`)} crumbs={say("title")}>
      <Flex gap={{ base: "4", lg: "10" }} direction={{ base: "column", lg: "row" }}>
        <Flex
          as="nav"
          aria-label={say("tabs")}
          direction={{ base: "row", lg: "column" }}
          gap="0.5"
          width={{ lg: "180px" }}
          flexShrink={0}
          wrap="wrap"
        >
          {shownTabs.map((each) => (
            <TabLink key={each} to={`/settings/${each}`}>
              {say(`tab.${each}`)}
            </TabLink>
          ))}
        </Flex>
        <Box flex="1" minW="0" maxW="760px">
          {children}
        </Box>
      </Flex>
    </Page>
  );
}
