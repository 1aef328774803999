import { Button, chakra, Dialog, Field, Text, Textarea } from "@chakra-ui/react";
import { useState } from "react";
import { DialogActions, DialogFrame } from "../parts/dialog-frame.tsx";
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
  return (
    <DialogFrame open={open} onClose={onClose} title={say("paste.title")} size="md">
      <Content onClose={onClose} onImport={onImport} />
    </DialogFrame>
  );
}

function Content({ onClose, onImport }: Omit<ImportDialogProps, "open">) {
  const say = useSay(words);
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
      <DialogActions onClose={onClose}>
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
      </DialogActions>
    </>
  );
}
