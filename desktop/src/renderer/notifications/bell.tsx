import { Center, IconButton } from "@chakra-ui/react";
import { Bell } from "lucide-react";
import { lazy, Suspense, useId, useState } from "react";
import { notifications } from "../words/notifications.ts";
import { useSay } from "../words/say.ts";
import { useTellOutside } from "./tell-outside.ts";
import { useNotices } from "./use-settled.ts";

const loadPopover = () => import("./notice-popover.tsx");
const NoticePopover = lazy(async () => ({ default: (await loadPopover()).NoticePopover }));

/** What finished since one looked last: a number, and the list behind it, which is loaded when it is first wanted. */
export function NotificationBell() {
  const say = useSay(notifications);
  const id = useId();
  const [open, setOpen] = useState(false);
  const notices = useNotices();
  useTellOutside(notices);
  const unread = notices.filter(({ isNew }) => isNew).length;
  const label = unread === 0 ? say("label") : say("unread", { count: unread });
  return (
    <>
      <IconButton
        id={id}
        aria-label={label}
        aria-haspopup="dialog"
        aria-expanded={open}
        title={label}
        size="xs"
        variant="ghost"
        position="relative"
        onPointerEnter={() => void loadPopover()}
        onClick={() => setOpen(!open)}
      >
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
      {open && (
        <Suspense>
          <NoticePopover trigger={id} notices={notices} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
