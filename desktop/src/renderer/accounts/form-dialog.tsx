import { Button, Dialog } from "@chakra-ui/react";
import type { ReactNode } from "react";
import { DialogActions, DialogFrame } from "../parts/dialog-frame.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";

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
  return (
    <DialogFrame onClose={onClose} title={title} size="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !pending) onSubmit();
        }}
      >
        <Dialog.Body display="grid" gap="4">
          {children}
          {error != null && <ErrorPanel error={error} />}
        </Dialog.Body>
        <DialogActions onClose={onClose}>
          <Button type="submit" size="sm" colorPalette="accent" disabled={!ready} loading={pending}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </DialogFrame>
  );
}
