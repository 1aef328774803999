import { Box, Flex, SkipNavContent, SkipNavLink } from "@chakra-ui/react";
import { useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, type ReactNode } from "react";
import { CommandOverlays } from "../commands/overlays.tsx";
import { useToastsUsed } from "../parts/toast.ts";
import { shell } from "../words/shell.ts";
import { useSay } from "../words/say.ts";
import { OfflineBanner } from "./offline-banner.tsx";
import { Sidebar } from "./sidebar.tsx";
import { useFolderDrop } from "./use-folder-drop.ts";

const Toasts = lazy(async () => ({ default: (await import("../parts/toaster.tsx")).Toasts }));

/** The frame around every page. */
export function Shell({ name, children }: { readonly name: string | undefined; readonly children: ReactNode }) {
  const say = useSay(shell);
  const toasts = useToastsUsed();
  useFolderDrop();
  // A window of its own, such as one that follows a deployment, goes without navigation.
  const isOwnWindow = useRouterState({ select: ({ location }) => "window" in location.search });
  return (
    <Flex direction={{ base: "column", md: "row" }} minH="100dvh">
      <SkipNavLink>{say("nav.skip")}</SkipNavLink>
      {!isOwnWindow && <Sidebar name={name} />}
      <Box flex="1" minW="0">
        <OfflineBanner />
        <SkipNavContent asChild>
          <main>{children}</main>
        </SkipNavContent>
      </Box>
      <CommandOverlays />
      {toasts && (
        <Suspense>
          <Toasts />
        </Suspense>
      )}
    </Flex>
  );
}
