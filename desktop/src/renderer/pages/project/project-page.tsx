import { Box, Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { projectOptions } from "../../api/project-options.ts";
import { AppLink } from "../../parts/app-link.tsx";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { Page } from "../../parts/page.tsx";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { SourceIcon } from "../../source/source-icon.tsx";
import { sourceDetail, sourceName, sourcePlace } from "../../source/source-text.ts";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { ProjectActionsBar } from "./project-actions-bar.tsx";
import { ProjectTabs } from "./project-tabs.tsx";
import { tabs } from "./project-search.ts";
import { TabContent } from "./tab-content.tsx";
import { chosenEnvironment, useProjectSearch } from "./use-project-page.ts";

/** One project: what runs of it where, what was deployed, what it is configured with. */
export function ProjectPage() {
  const say = useSay(words);
  const { project: name = "", tab: named } = useParams({ strict: false });
  const search = useProjectSearch();
  const view = useQuery(projectOptions(name));
  const tab = tabs.find((each) => each === named) ?? "overview";
  const crumbs = <AppLink to="/">{say("crumb.projects")}</AppLink>;
  if (view.data === undefined)
    return (
      <Page title={name} crumbs={crumbs}>
        {view.isError ? <ErrorPanel error={view.error} onRetry={() => void view.refetch()} /> : <RowsSkeleton />}
      </Page>
    );
  const { project } = view.data;
  const environment = chosenEnvironment(view.data.environments, search.environment);
  const detail = sourceDetail(project.source);
  return (
    <Page
      title={project.name}
      crumbs={crumbs}
      wide={tab === "logs"}
      detail={
        <Flex align="center" gap="1.5" title={sourcePlace(project.source)}>
          <SourceIcon type={project.source.type} size={13} />
          {sourceName(project.source)}
          {detail !== "" && ` · ${detail}`}
        </Flex>
      }
      actions={environment !== undefined && <ProjectActionsBar view={view.data} environment={environment} />}
    >
      {project.state === "destroying" && (
        <Box role="status" bg="bg.warning" borderRadius="lg" px="4" py="3" mb="4">
          <Text textStyle="small">{say("destroying")}</Text>
        </Box>
      )}
      {view.isError && (
        <Box mb="4">
          <ErrorPanel error={view.error} onRetry={() => void view.refetch()} />
        </Box>
      )}
      <ProjectTabs view={view.data} tab={tab} environment={environment} />
      {environment !== undefined && <TabContent tab={tab} view={view.data} environment={environment} />}
    </Page>
  );
}
