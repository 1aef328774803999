import { Button, CloseButton, Dialog, Portal, Text, type DialogFooterProps } from "@chakra-ui/react";
import type { ReactNode } from "react";
import { common } from "../words/common.ts";
import { useSay } from "../words/say.ts";

export interface DialogFrameProps {
  /** A dialog that is there as long as it is drawn leaves it out. */
  readonly open?: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** Stands below the title. */
  readonly text?: string;
  readonly size: "sm" | "md" | "lg";
  /** Whether the body scrolls and title and actions stay. */
  readonly scrolls?: boolean;
  readonly role?: "dialog" | "alertdialog";
  /** `Dialog.Body` and `DialogActions`, in a form where there is something to send. */
  readonly children: ReactNode;
}

/** A dialog over the page: its title, what is in it, and the way out. */
export function DialogFrame({ open = true, onClose, title, text, size, scrolls, role, children }: DialogFrameProps) {
  const say = useSay(common);
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(details) => !details.open && onClose()}
      size={size}
      scrollBehavior={scrolls === true ? "inside" : "outside"}
      role={role ?? "dialog"}
      lazyMount
      unmountOnExit
    >
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner>
          <Dialog.Content>
            <Dialog.Header {...(text !== undefined && { flexDirection: "column", gap: "0" })}>
              <Dialog.Title textStyle="sectionTitle">{title}</Dialog.Title>
              {text !== undefined && (
                <Text textStyle="small" color="fg.muted">
                  {text}
                </Text>
              )}
            </Dialog.Header>
            {children}
            <Dialog.CloseTrigger asChild>
              <CloseButton size="xs" aria-label={say("close")} />
            </Dialog.CloseTrigger>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </Dialog.Root>
  );
}

/** The last row of a dialog: the way out without doing anything, and what it is there for. */
export function DialogActions({
  onClose,
  before,
  children,
  ...footer
}: DialogFooterProps & { readonly onClose: () => void; readonly before?: ReactNode }) {
  const say = useSay(common);
  return (
    <Dialog.Footer {...footer}>
      {before}
      <Button size="sm" variant="outline" onClick={onClose}>
        {say("cancel")}
      </Button>
      {children}
    </Dialog.Footer>
  );
}
