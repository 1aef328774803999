import { Box, Flex, Link, Text } from "@chakra-ui/react";
import type { ProjectView } from "@cloudsmith/contracts/api";
import { useQuery } from "@tanstack/react-query";
import { Rocket } from "lucide-react";
import { api } from "../../api/client.ts";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { Page } from "../../parts/page.tsx";
import { RowsSkeleton } from "../../parts/page-states.tsx";
import { StatusBadge } from "../../parts/status-badge.tsx";
import { Time } from "../../parts/time.tsx";
import { dashboard } from "../../words/dashboard.ts";
import { useSay } from "../../words/say.ts";

/** Every project with what runs of it now. */
export function DashboardPage() {
  const say = useSay(dashboard);
  const projects = useQuery(api.projects.list.queryOptions({ input: { limit: 100 } }));
  return (
    <Page title={say("title")}>
      {projects.isPending && <RowsSkeleton />}
      {projects.isError && <ErrorPanel error={projects.error} onRetry={() => void projects.refetch()} />}
      {projects.data?.items.length === 0 && (
        <EmptyState icon={Rocket} title={say("empty.title")} text={say("empty.text")} />
      )}
      {projects.data !== undefined && projects.data.items.length > 0 && (
        <Box borderWidth="1px" borderRadius="lg">
          {projects.data.items.map((view) => (
            <ProjectRow key={view.project.id} view={view} />
          ))}
        </Box>
      )}
    </Page>
  );
}

function ProjectRow({ view: { project, environments } }: { readonly view: ProjectView }) {
  const first = environments[0];
  return (
    <Flex px="4" py="2.5" gap="4" align="center" borderBottomWidth="1px" _last={{ borderBottomWidth: 0 }}>
      <Text fontWeight="medium" flex="1" minW="0" truncate>
        {project.name}
      </Text>
      {first?.url != null && (
        <Link href={first.url} target="_blank" rel="noreferrer" textStyle="small" color="fg.muted">
          {first.url}
        </Link>
      )}
      <StatusBadge status={first?.activeDeployment?.state ?? first?.observed.state ?? "none"} quiet />
      <Text textStyle="small" color="fg.muted">
        <Time at={first?.liveDeployment?.createdAt ?? project.createdAt} />
      </Text>
    </Flex>
  );
}
