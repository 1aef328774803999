import { Box, Button, Flex, Text } from "@chakra-ui/react";
import type { ProjectView } from "@cloudsmith/contracts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { api, client } from "../../api/client.ts";
import { ConfirmByTyping } from "../../parts/confirm-by-typing.tsx";
import { Section } from "../../parts/section.tsx";
import { toast } from "../../parts/toast.ts";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { useProjectNavigate, useProjectSearch } from "./use-project-page.ts";

/** The end of a project; its name has to be typed. */
export function DangerZone({ view }: { readonly view: ProjectView }) {
  const say = useSay(words);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const search = useProjectSearch();
  const go = useProjectNavigate(view);
  const { id, name, state } = view.project;
  const destroy = useMutation({
    mutationFn: () => client.projects.destroy({ project: id, confirm: name }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: api.projects.key() });
      void toast({ title: say("danger.gone", { name }) });
      void navigate({ to: "/" });
    },
  });
  return (
    <Section title={say("danger.title")}>
      <Flex borderWidth="1px" borderColor="red.border" borderRadius="lg" p="4" gap="4" align="center" wrap="wrap">
        <Box flex="1 1 280px">
          <Text fontWeight="medium">{say("danger.destroy")}</Text>
          <Text textStyle="small" color="fg.muted">
            {say("danger.destroyText")}
          </Text>
        </Box>
        <Button
          size="sm"
          colorPalette="red"
          variant="outline"
          disabled={state === "destroying"}
          title={state === "destroying" ? say("destroying") : undefined}
          onClick={() => go({ ask: "destroy" })}
        >
          <Trash2 size={15} />
          {say("danger.destroy")}
        </Button>
      </Flex>
      <ConfirmByTyping
        open={search.ask === "destroy" && state !== "destroying"}
        onClose={() => {
          destroy.reset();
          go({ ask: undefined });
        }}
        title={say("danger.destroyTitle", { name })}
        name={name}
        action={say("danger.destroyAction")}
        onConfirm={() => destroy.mutate()}
        pending={destroy.isPending}
        error={destroy.error}
      >
        <Text>{say("danger.destroyText")}</Text>
        <Text color="fg.muted" mt="2">
          {say("danger.what", { environments: view.environments.length })}
        </Text>
      </ConfirmByTyping>
    </Section>
  );
}
