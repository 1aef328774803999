import { chakra, Flex, Text } from "@chakra-ui/react";
import { createLink } from "@tanstack/react-router";
import { Activity, LayoutGrid } from "lucide-react";
import { shell } from "../words/shell.ts";
import { useSay } from "../words/say.ts";
import { ThemeSwitch } from "./theme-switch.tsx";

const NavLink = createLink(
  chakra("a", {
    base: {
      display: "flex",
      alignItems: "center",
      gap: "2",
      px: "2",
      height: "32px",
      borderRadius: "md",
      fontSize: "md",
      color: "fg.muted",
      whiteSpace: "nowrap",
      _hover: { bg: "bg.muted", color: "fg" },
      _currentPage: { bg: "bg.muted", color: "fg", fontWeight: "medium" },
    },
  }),
);

/** Navigation: a column at the left, a row on top where the window is narrow. */
export function Sidebar({ name }: { readonly name: string | undefined }) {
  const say = useSay(shell);
  return (
    <Flex
      as="header"
      direction={{ base: "row", md: "column" }}
      align={{ base: "center", md: "stretch" }}
      wrap={{ base: "wrap", md: "nowrap" }}
      gap={{ base: "2", md: "4" }}
      width={{ base: "full", md: "220px" }}
      flexShrink={0}
      height={{ md: "100dvh" }}
      position={{ md: "sticky" }}
      top="0"
      p="3"
      bg="bg.subtle"
      borderEndWidth={{ md: "1px" }}
      borderBottomWidth={{ base: "1px", md: "0" }}
    >
      <Flex align="center" gap="2" px="2" height="32px" fontWeight="semibold">
        <chakra.img src="/icon.svg" alt="" boxSize="20px" />
        CloudSmith
      </Flex>
      <Flex
        as="nav"
        aria-label={say("nav.main")}
        direction={{ base: "row", md: "column" }}
        gap="0.5"
        flex="1"
        wrap="wrap"
      >
        <NavLink to="/" activeOptions={{ exact: true }}>
          <LayoutGrid size={16} aria-hidden />
          {say("nav.projects")}
        </NavLink>
        <NavLink to="/activity">
          <Activity size={16} aria-hidden />
          {say("nav.activity")}
        </NavLink>
      </Flex>
      <Flex align="center" justify="space-between" gap="2" px="2">
        <Text textStyle="small" color="fg.muted" truncate>
          {name}
        </Text>
        <ThemeSwitch />
      </Flex>
    </Flex>
  );
}
