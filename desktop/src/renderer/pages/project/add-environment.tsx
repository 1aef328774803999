import { Button, Dialog, Field, Input, Text } from "@chakra-ui/react";
import { EnvironmentName, hostLabel } from "@cloudsmith/contracts";
import type { ProjectView } from "@cloudsmith/contracts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, client } from "../../api/client.ts";
import { DialogActions, DialogFrame } from "../../parts/dialog-frame.tsx";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";

export interface AddEnvironmentProps {
  readonly view: ProjectView;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks for the name of another environment. */
export function AddEnvironment({ view, open, onClose }: AddEnvironmentProps) {
  const say = useSay(words);
  return (
    <DialogFrame open={open} onClose={onClose} title={say("environments.add")} size="sm">
      <Form view={view} onClose={onClose} />
    </DialogFrame>
  );
}

function Form({ view, onClose }: Omit<AddEnvironmentProps, "open">) {
  const say = useSay(words);
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const create = useMutation({
    mutationFn: () => client.environments.create({ project: view.project.id, name }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: api.projects.key() });
      onClose();
    },
  });
  const problem = name === "" ? undefined : EnvironmentName.safeParse(name).error?.issues[0]?.message;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== "" && problem === undefined && !create.isPending) create.mutate();
      }}
    >
      <Dialog.Body display="grid" gap="4">
        <Text color="fg.muted">{say("environments.addText")}</Text>
        <Field.Root invalid={problem !== undefined}>
          <Field.Label>{say("environments.name")}</Field.Label>
          <Input
            size="sm"
            autoFocus
            autoComplete="off"
            spellCheck={false}
            placeholder="staging"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          {problem === undefined ? (
            <Field.HelperText>
              {say("environments.nameHint", { host: hostLabel(view.project.name, name === "" ? "staging" : name) })}
            </Field.HelperText>
          ) : (
            <Field.ErrorText>{problem}</Field.ErrorText>
          )}
        </Field.Root>
        {create.isError && <ErrorPanel error={create.error} />}
      </Dialog.Body>
      <DialogActions onClose={onClose}>
        <Button
          type="submit"
          size="sm"
          colorPalette="accent"
          disabled={name === "" || problem !== undefined}
          loading={create.isPending}
        >
          {say("environments.create")}
        </Button>
      </DialogActions>
    </form>
  );
}
