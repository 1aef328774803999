import { Box, Button, Field, Flex, Input, Text } from "@chakra-ui/react";
import { ProjectName } from "@cloudsmith/contracts";
import type { ProjectView } from "@cloudsmith/contracts/api";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { client } from "../../api/client.ts";
import { ConfirmByTyping } from "../../parts/confirm-by-typing.tsx";
import { Section } from "../../parts/section.tsx";
import { toast } from "../../parts/toast.ts";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { useChangeProject } from "./use-change-project.ts";

/** Another name; it changes addresses, so the old one has to be typed. */
export function NameSettings({ view: { project } }: { readonly view: ProjectView }) {
  const say = useSay(words);
  const navigate = useNavigate();
  const [name, setName] = useState(project.name);
  const [asking, setAsking] = useState(false);
  const rename = useChangeProject(
    () => client.projects.rename({ project: project.id, name }),
    ({ project: { name: now } }) => {
      setAsking(false);
      void toast({ title: say("settings.renamed", { name: now }) });
      void navigate({
        to: "/projects/$project/$tab",
        params: { project: now, tab: "settings" },
        replace: true,
      });
    },
  );
  const problem = ProjectName.safeParse(name).error?.issues[0]?.message;
  return (
    <Section title={say("settings.name")}>
      <Box
        as="form"
        borderWidth="1px"
        borderRadius="lg"
        bg="bg.panel"
        p="4"
        onSubmit={(event) => {
          event.preventDefault();
          if (problem === undefined && name !== project.name) setAsking(true);
        }}
      >
        <Field.Root invalid={problem !== undefined}>
          <Field.Label srOnly>{say("settings.name")}</Field.Label>
          <Flex gap="2" width="full">
            <Input
              size="sm"
              maxW="320px"
              autoComplete="off"
              spellCheck={false}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <Button type="submit" size="sm" variant="outline" disabled={problem !== undefined || name === project.name}>
              {say("settings.rename")}
            </Button>
          </Flex>
          {problem === undefined ? (
            <Field.HelperText>{say("settings.nameText", { url: `${name}.localhost` })}</Field.HelperText>
          ) : (
            <Field.ErrorText>{problem}</Field.ErrorText>
          )}
        </Field.Root>
      </Box>
      <ConfirmByTyping
        open={asking}
        onClose={() => {
          setAsking(false);
          rename.reset();
        }}
        title={say("settings.renameConfirm", { from: project.name, to: name })}
        name={project.name}
        action={say("settings.rename")}
        onConfirm={() => rename.mutate(undefined)}
        pending={rename.isPending}
        error={rename.error}
      >
        <Text>{say("settings.renameText")}</Text>
      </ConfirmByTyping>
    </Section>
  );
}
