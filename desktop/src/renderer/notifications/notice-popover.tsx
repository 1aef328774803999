import { Popover, Portal } from "@chakra-ui/react";
import { notifications } from "../words/notifications.ts";
import { useSay } from "../words/say.ts";
import { NoticeList } from "./notice-list.tsx";
import type { Notice } from "./use-settled.ts";

/** The list of what finished, beside the button that opened it. */
export function NoticePopover({
  trigger,
  notices,
  onClose,
}: {
  /** Id of that button: the list is put beside it, and the focus goes back to it. */
  readonly trigger: string;
  readonly notices: readonly Notice[];
  readonly onClose: () => void;
}) {
  const say = useSay(notifications);
  return (
    <Popover.Root
      open
      ids={{ trigger }}
      onOpenChange={({ open }) => !open && onClose()}
      positioning={{ placement: "right-end" }}
    >
      <Portal>
        <Popover.Positioner>
          <Popover.Content width="min(360px, calc(100vw - 24px))" aria-label={say("label")}>
            <NoticeList notices={notices} onLeave={onClose} />
          </Popover.Content>
        </Popover.Positioner>
      </Portal>
    </Popover.Root>
  );
}
