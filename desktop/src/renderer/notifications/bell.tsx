import { Box, Center, IconButton, Popover, Portal } from "@chakra-ui/react";
import { Bell } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { RowsSkeleton } from "../parts/page-states.tsx";
import { notifications } from "../words/notifications.ts";
import { useSay } from "../words/say.ts";
import { useTellOutside } from "./tell-outside.ts";
import { useNotices } from "./use-settled.ts";

const List = lazy(async () => ({ default: (await import("./notice-list.tsx")).NoticeList }));

/** What finished since one looked last: a number, and the list behind it. */
export function NotificationBell() {
  const say = useSay(notifications);
  const [open, setOpen] = useState(false);
  const notices = useNotices();
  useTellOutside(notices);
  const unread = notices.filter(({ isNew }) => isNew).length;
  const label = unread === 0 ? say("label") : say("unread", { count: unread });
  return (
    <Popover.Root
      open={open}
      onOpenChange={(details) => setOpen(details.open)}
      positioning={{ placement: "right-end" }}
      lazyMount
      unmountOnExit
    >
      <Popover.Trigger asChild>
        <IconButton aria-label={label} title={label} size="xs" variant="ghost" position="relative">
          <Bell size={15} />
          {unread > 0 && (
            <Center
              aria-hidden
              position="absolute"
              top="-2px"
              right="-2px"
              minW="16px"
              height="16px"
              px="1"
              borderRadius="full"
              bg="accent.solid"
              color="white"
              fontSize="2xs"
            >
              {Math.min(unread, 99)}
            </Center>
          )}
        </IconButton>
      </Popover.Trigger>
      <Portal>
        <Popover.Positioner>
          <Popover.Content width="min(360px, calc(100vw - 24px))" aria-label={say("label")}>
            <Suspense
              fallback={
                <Box p="4">
                  <RowsSkeleton rows={3} />
                </Box>
              }
            >
              <List notices={notices} onLeave={() => setOpen(false)} />
            </Suspense>
          </Popover.Content>
        </Popover.Positioner>
      </Portal>
    </Popover.Root>
  );
}
