import { Button, chakra, Flex, Text } from "@chakra-ui/react";
import { createLink } from "@tanstack/react-router";
import { Activity, LayoutGrid, Search, Settings } from "lucide-react";
import { show } from "../commands/palette-state.ts";
import { NotificationBell } from "../notifications/bell.tsx";
import { KeyHint } from "../parts/key-hint.tsx";
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
      _currentPage: { bg: "bg.emphasized", color: "fg", fontWeight: "medium" },
    },
  }),
);

/** Pages that the navigation leads to; the settings are one place there, with tabs of their own. */
const places = [
  { to: "/", label: "nav.projects", icon: LayoutGrid, exact: true },
  { to: "/activity", label: "nav.activity", icon: Activity, exact: false },
  { to: "/settings", label: "nav.settings", icon: Settings, exact: false },
] as const;

/** Navigation: a column at the left, rows on top where the window is narrow. */
export function Sidebar({ name }: { readonly name: string | undefined }) {
  const say = useSay(shell);
  return (
    <Flex
      as="header"
      direction={{ base: "row", md: "column" }}
      align={{ base: "center", md: "stretch" }}
      wrap={{ base: "wrap", md: "nowrap" }}
      gap={{ base: "1", md: "3" }}
      width={{ base: "full", md: "220px" }}
      flexShrink={0}
      height={{ md: "100dvh" }}
      position={{ md: "sticky" }}
      top="0"
      p="3"
      overflowY={{ md: "auto" }}
      bg="bg.subtle"
      borderEndWidth={{ md: "1px" }}
      borderBottomWidth={{ base: "1px", md: "0" }}
    >
      <Brand />
      <SearchButton />
      <Flex
        as="nav"
        aria-label={say("nav.main")}
        direction={{ base: "row", md: "column" }}
        gap="0.5"
        flex={{ md: "1" }}
        wrap="wrap"
        order={{ base: 1, md: 0 }}
      >
        {places.map(({ to, label, icon: Icon, exact }) => (
          <NavLink key={to} to={to} activeOptions={{ exact, includeSearch: false }}>
            <Icon size={16} aria-hidden />
            {say(label)}
          </NavLink>
        ))}
      </Flex>
      <Flex align="center" gap="1" ps={{ base: "0", md: "2" }} ms={{ base: "auto", md: "0" }}>
        <Text
          display={{ base: "none", md: "block" }}
          flex="1"
          minW="0"
          textStyle="xs"
          color="fg.muted"
          lineClamp="2"
          title={name}
        >
          {name}
        </Text>
        <NotificationBell />
        <ThemeSwitch />
      </Flex>
    </Flex>
  );
}

function Brand() {
  return (
    <Flex align="center" gap="2" px="2" height="32px" fontWeight="semibold">
      <chakra.img src="/icon.svg" alt="" boxSize="20px" />
      CloudSmith
    </Flex>
  );
}

function SearchButton() {
  const say = useSay(shell);
  return (
    <Button
      variant="outline"
      size="sm"
      height="32px"
      justifyContent="start"
      color="fg.muted"
      fontWeight="normal"
      px="2"
      bg="bg.panel"
      title={say("nav.search")}
      aria-keyshortcuts="Control+K Meta+K"
      onClick={() => show("palette")}
    >
      <Search size={14} />
      {/* Its words are its name; on a narrow window they are there for who does not see the sign. */}
      <Text as="span" flex="1" textAlign="start" srOnly={{ base: true, md: false }}>
        {say("nav.find")}
      </Text>
      <Flex as="span" display={{ base: "none", md: "inline-flex" }}>
        <KeyHint keys="mod+k" />
      </Flex>
    </Button>
  );
}
