import { Button, CloseButton, Dialog, Portal } from "@chakra-ui/react";
import type { ReactNode } from "react";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { common } from "../words/common.ts";
import { useSay } from "../words/say.ts";

export interface FormDialogProps {
  readonly onClose: () => void;
  readonly title: string;
  readonly action: string;
  readonly ready: boolean;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/** A form over the page: fields, what is wrong with them, one action. It is there as long as it is drawn. */
export function FormDialog({ onClose, title, action, ready, pending, error, onSubmit, children }: FormDialogProps) {
  const say = useSay(common);
  return (
    <Dialog.Root open onOpenChange={({ open }) => !open && onClose()} size="sm">
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner>
          <Dialog.Content>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (ready && !pending) onSubmit();
              }}
            >
              <Dialog.Header>
                <Dialog.Title textStyle="sectionTitle">{title}</Dialog.Title>
              </Dialog.Header>
              <Dialog.Body display="grid" gap="4">
                {children}
                {error != null && <ErrorPanel error={error} />}
              </Dialog.Body>
              <Dialog.Footer>
                <Button size="sm" variant="outline" onClick={onClose}>
                  {say("cancel")}
                </Button>
                <Button type="submit" size="sm" colorPalette="accent" disabled={!ready} loading={pending}>
                  {action}
                </Button>
              </Dialog.Footer>
            </form>
            <Dialog.CloseTrigger asChild>
              <CloseButton size="xs" aria-label={say("close")} />
            </Dialog.CloseTrigger>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </Dialog.Root>
  );
}
