import { Button, chakra, CloseButton, Dialog, Field, Portal, Text, Textarea } from "@chakra-ui/react";
import { useState } from "react";
import { common } from "../words/common.ts";
import { useSay } from "../words/say.ts";
import { variables as words } from "../words/variables.ts";

export interface ImportDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onImport: (text: string) => void;
}

/** Takes the content of a `.env` file: pasted, or from a file. */
export function ImportDialog({ open, onClose, onImport }: ImportDialogProps) {
  const say = useSay(words);
  const sayCommon = useSay(common);
  return (
    <Dialog.Root open={open} onOpenChange={(details) => !details.open && onClose()} size="md" lazyMount unmountOnExit>
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner>
          <Dialog.Content>
            <Dialog.Header>
              <Dialog.Title textStyle="sectionTitle">{say("paste.title")}</Dialog.Title>
            </Dialog.Header>
            <Content onClose={onClose} onImport={onImport} />
            <Dialog.CloseTrigger asChild>
              <CloseButton size="xs" aria-label={sayCommon("close")} />
            </Dialog.CloseTrigger>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </Dialog.Root>
  );
}

function Content({ onClose, onImport }: Omit<ImportDialogProps, "open">) {
  const say = useSay(words);
  const sayCommon = useSay(common);
  const [text, setText] = useState("");
  return (
    <>
      <Dialog.Body display="grid" gap="3">
        <Text textStyle="small" color="fg.muted">
          {say("paste.text")}
        </Text>
        <Field.Root>
          <Field.Label>{say("paste.label")}</Field.Label>
          <Textarea
            autoFocus
            rows={10}
            fontFamily="mono"
            fontSize="sm"
            spellCheck={false}
            autoComplete="off"
            placeholder={"DATABASE_URL=postgres://…\nTITLE=My shop"}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Field.Root>
        <chakra.label textStyle="small">
          {say("paste.file")}
          <chakra.input
            type="file"
            display="block"
            mt="1"
            textStyle="small"
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file !== undefined) void file.text().then(setText);
            }}
          />
        </chakra.label>
      </Dialog.Body>
      <Dialog.Footer>
        <Button size="sm" variant="outline" onClick={onClose}>
          {sayCommon("cancel")}
        </Button>
        <Button
          size="sm"
          colorPalette="accent"
          disabled={text.trim() === ""}
          onClick={() => {
            onImport(text);
            onClose();
          }}
        >
          {say("paste.action")}
        </Button>
      </Dialog.Footer>
    </>
  );
}
