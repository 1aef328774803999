import { Button, Dialog, Field, Input, Text } from "@chakra-ui/react";
import { useState, type ReactNode } from "react";
import { common } from "../words/common.ts";
import { useSay } from "../words/say.ts";
import { DialogActions, DialogFrame } from "./dialog-frame.tsx";
import { ErrorPanel } from "./error-panel.tsx";

export interface ConfirmByTypingProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What goes away for good. */
  readonly children: ReactNode;
  /** What has to be typed, a name. */
  readonly name: string;
  readonly action: string;
  readonly onConfirm: () => void;
  readonly pending?: boolean;
  readonly error?: unknown;
}

/** Asks before something that cannot be taken back: the name has to be typed. */
export function ConfirmByTyping(props: ConfirmByTypingProps) {
  const { open, onClose, title } = props;
  return (
    <DialogFrame open={open} onClose={onClose} title={title} role="alertdialog" size="sm">
      <Confirmation {...props} />
    </DialogFrame>
  );
}

function Confirmation({ children, name, action, onConfirm, onClose, pending = false, error }: ConfirmByTypingProps) {
  const say = useSay(common);
  const [typed, setTyped] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === name) onConfirm();
      }}
    >
      <Dialog.Body display="grid" gap="4">
        <Text as="div">{children}</Text>
        <Field.Root>
          <Field.Label>{say("confirm.type", { name })}</Field.Label>
          <Input
            size="sm"
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field.Root>
        {error != null && <ErrorPanel error={error} />}
      </Dialog.Body>
      <DialogActions onClose={onClose}>
        <Button type="submit" size="sm" colorPalette="red" disabled={typed !== name} loading={pending}>
          {action}
        </Button>
      </DialogActions>
    </form>
  );
}
