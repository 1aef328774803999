import { Button, Flex, Stack } from "@chakra-ui/react";
import { Plus } from "lucide-react";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { AddEnvironment } from "./add-environment.tsx";
import { EnvironmentCard } from "./environment-card.tsx";
import type { TabProps } from "./tab-content.tsx";
import { inOrder, useProjectNavigate, useProjectSearch } from "./use-project-page.ts";

/** Every environment as it is now. */
export function OverviewTab({ view }: TabProps) {
  const say = useSay(words);
  const search = useProjectSearch();
  const go = useProjectNavigate(view);
  return (
    <Stack gap="4">
      {inOrder(view.environments).map((environment) => (
        <EnvironmentCard key={environment.environment.id} view={view} environment={environment} />
      ))}
      <Flex>
        <Button
          size="sm"
          variant="outline"
          disabled={view.project.state === "destroying"}
          onClick={() => go({ ask: "environment" })}
        >
          <Plus size={15} />
          {say("environments.add")}
        </Button>
      </Flex>
      <AddEnvironment view={view} open={search.ask === "environment"} onClose={() => go({ ask: undefined })} />
    </Stack>
  );
}
