import { Box, Button, Field, Flex, Input, Text } from "@chakra-ui/react";
import type { ProjectView } from "@cloudsmith/contracts/api";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, client } from "../../api/client.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { toast } from "../../parts/toast.ts";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { useChangeProject } from "./use-change-project.ts";

/** The access token that a private repository is read with. */
export function GitTokenSettings({ view: { project } }: { readonly view: ProjectView }) {
  const say = useSay(words);
  const [token, setToken] = useState("");
  const save = useChangeProject(
    (value: string | null) => client.projects.setGitToken({ project: project.id, token: value }),
    (view) => {
      setToken("");
      void toast({ title: say(view.project.credential === null ? "settings.tokenRemoved" : "settings.tokenSaved") });
    },
  );
  const accounts = useQuery(api.accounts.list.queryOptions());
  const kept = accounts.data?.find(({ id }) => id === project.credential)?.kind === "git-token";
  return (
    <Section title={say("settings.token")} detail={say("settings.tokenText")}>
      <Box
        as="form"
        borderWidth="1px"
        borderRadius="lg"
        bg="bg.panel"
        p="4"
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() !== "") save.mutate(token.trim());
        }}
      >
        <Text textStyle="small" mb="3">
          {say(kept ? "settings.tokenKept" : "settings.tokenNone")}
        </Text>
        <Flex gap="2" align="end" wrap="wrap">
          <Field.Root flex="1 1 240px" width="auto">
            <Field.Label>{say("settings.tokenNew")}</Field.Label>
            <Input
              size="sm"
              type="password"
              autoComplete="off"
              value={token}
              onChange={(event) => setToken(event.target.value)}
            />
          </Field.Root>
          <Button type="submit" size="sm" variant="outline" disabled={token.trim() === ""} loading={save.isPending}>
            {say("settings.tokenSet")}
          </Button>
          <Button size="sm" variant="outline" disabled={!kept || save.isPending} onClick={() => save.mutate(null)}>
            {say("settings.tokenRemove")}
          </Button>
        </Flex>
        {save.isError && (
          <Box mt="3">
            <ErrorPanel error={save.error} />
          </Box>
        )}
      </Box>
    </Section>
  );
}
