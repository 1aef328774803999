import { Box, Button, Flex, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { toast } from "../../parts/toast.ts";
import { applyVariables } from "../../variables/apply-variables.ts";
import { useStoredVariables } from "../../variables/use-stored-variables.ts";
import { VariableEditor } from "../../variables/variable-editor.tsx";
import { withAskedFor } from "../../variables/asked-for.ts";
import { changesOf, problemsOf, type StoredVariables, type VariableRow } from "../../variables/variable-rows.ts";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { PendingNotice } from "./environment-notices.tsx";
import type { TabProps } from "./tab-content.tsx";
import { useProjectActions } from "./use-project-actions.ts";

/** Variables and secrets of an environment; what is saved waits for the next deployment. */
export function VariablesTab({ view, environment }: TabProps) {
  const say = useSay(words);
  const place = { project: view.project.id, environment: environment.environment.name };
  const stored = useStoredVariables(place);
  const { redeploy } = useProjectActions(place);
  return (
    <Box>
      <Box borderRadius="lg" overflow="hidden" mb={environment.changesPending.length > 0 ? "4" : "0"}>
        <PendingNotice environment={environment} redeploy={redeploy} />
      </Box>
      <Text textStyle="small" color="fg.muted" mb="3">
        {say("variables.text")}
      </Text>
      {stored.isPending && <RowsSkeleton rows={4} />}
      {stored.isError && <ErrorPanel error={stored.error} onRetry={() => void stored.refetch()} />}
      {stored.data !== undefined && <Editor place={place} stored={stored.data} />}
    </Box>
  );
}

interface EditorProps {
  readonly place: { readonly project: string; readonly environment: string };
  readonly stored: StoredVariables;
}

function Editor({ place, stored }: EditorProps) {
  const say = useSay(words);
  const queries = useQueryClient();
  const [edited, setEdited] = useState<readonly VariableRow[]>();
  const rows = withAskedFor(edited, [], stored);
  const { summary } = changesOf(rows, stored);
  const problems = problemsOf(rows);
  useBlocker({
    shouldBlockFn: () => summary.length > 0 && !window.confirm(say("variables.leave")),
    enableBeforeUnload: () => summary.length > 0,
  });
  const save = useMutation({
    mutationFn: () => applyVariables(place, rows, stored),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: api.environments.key() });
      await queries.invalidateQueries({ queryKey: api.projects.key() });
      setEdited(undefined);
      void toast({ title: say("variables.saved"), description: say("variables.savedText") });
    },
  });
  return (
    <>
      <VariableEditor rows={rows} onChange={setEdited} disabled={save.isPending} />
      {save.isError && (
        <Box mt="4">
          <ErrorPanel error={save.error} />
        </Box>
      )}
      {summary.length > 0 && (
        <Flex
          position="sticky"
          bottom="4"
          mt="4"
          p="3"
          gap="3"
          align="center"
          wrap="wrap"
          borderWidth="1px"
          borderRadius="lg"
          bg="bg.panel"
          boxShadow="md"
          role="status"
        >
          <Box flex="1" minW="0" textStyle="small">
            <Text fontWeight="medium">{say("variables.unsaved", { count: summary.length })}</Text>
            <Text color="fg.muted">
              {summary
                .slice(0, 8)
                .map(({ name, change }) => say(`pending.${change}`, { name }))
                .join(", ")}
            </Text>
          </Box>
          <Button size="sm" variant="outline" disabled={save.isPending} onClick={() => setEdited(undefined)}>
            {say("variables.discard")}
          </Button>
          <Button
            size="sm"
            colorPalette="accent"
            disabled={problems.size > 0}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {say("variables.save")}
          </Button>
        </Flex>
      )}
    </>
  );
}
