import { Box, Button, Field, Flex, NativeSelect, Skeleton, Text } from "@chakra-ui/react";
import type { AccountView, ProjectView } from "@cloudsmith/contracts/api";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, client } from "../../api/client.ts";
import { AppLink } from "../../parts/app-link.tsx";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { toast } from "../../parts/toast.ts";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { accountChoices } from "./account-choices.ts";
import { useChangeProject } from "./use-change-project.ts";

/** Which account the repository is read with. */
export function AccountSettings({ view }: { readonly view: ProjectView }) {
  const say = useSay(words);
  const accounts = useQuery(api.accounts.list.queryOptions());
  return (
    <Section title={say("settings.account")} detail={say("settings.accountText")}>
      <Box borderWidth="1px" borderRadius="lg" bg="bg.panel" p="4">
        {accounts.isPending && <Skeleton height="56px" aria-busy />}
        {accounts.isError && <ErrorPanel error={accounts.error} onRetry={() => void accounts.refetch()} />}
        {accounts.data !== undefined && <AccountForm view={view} accounts={accounts.data} />}
        <AppLink to="/settings/accounts" textStyle="small" display="inline-block" mt="3">
          {say("settings.accountConnect")}
        </AppLink>
      </Box>
    </Section>
  );
}

function AccountForm({ view, accounts }: { readonly view: ProjectView; readonly accounts: readonly AccountView[] }) {
  const say = useSay(words);
  const { project } = view;
  const bound = project.credential ?? "";
  const [chosen, setChosen] = useState(bound);
  const save = useChangeProject(
    (account: string | null) => client.projects.update({ project: project.id, account }),
    () => void toast({ title: say("settings.accountSaved", { name: project.name }) }),
  );
  const choices = accountChoices(project, accounts);
  const problem = accounts.find(({ id }) => id === chosen)?.problem;
  if (choices.length === 0)
    return (
      <Text textStyle="small">
        {say("settings.accountNone", { server: project.source.type === "github" ? project.source.server : "GitHub" })}
      </Text>
    );
  return (
    <Box
      as="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen !== bound) save.mutate(chosen === "" ? null : chosen);
      }}
    >
      <Flex gap="2" align="end" wrap="wrap">
        <Field.Root flex="1 1 240px" width="auto">
          <Field.Label>{say("settings.accountLabel")}</Field.Label>
          <NativeSelect.Root size="sm">
            <NativeSelect.Field value={chosen} onChange={(event) => setChosen(event.target.value)}>
              {choices.map((choice) => (
                <option key={choice.id} value={choice.id}>
                  {choice.type === "account"
                    ? say("settings.accountState", { name: choice.name, state: choice.state })
                    : say(`settings.${choice.type}`)}
                </option>
              ))}
            </NativeSelect.Field>
            <NativeSelect.Indicator />
          </NativeSelect.Root>
        </Field.Root>
        <Button type="submit" size="sm" variant="outline" disabled={chosen === bound} loading={save.isPending}>
          {say("settings.accountChange")}
        </Button>
      </Flex>
      {problem != null && (
        <Box role="status" mt="3" px="3" py="2" borderRadius="md" bg="bg.warning" textStyle="small">
          <Text fontWeight="medium">{problem.message}</Text>
          <Text color="fg.muted">{problem.fix}</Text>
        </Box>
      )}
      {save.isError && (
        <Box mt="3">
          <ErrorPanel error={save.error} />
        </Box>
      )}
    </Box>
  );
}
