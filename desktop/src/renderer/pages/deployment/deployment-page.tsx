import { Box } from "@chakra-ui/react";
import { useParams } from "@tanstack/react-router";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-states.tsx";
import { sayer } from "../../words/say.ts";
import { shell } from "../../words/shell.ts";
import { DeploymentView } from "./deployment-view.tsx";
import { useDeployment } from "./use-deployment.ts";

/** One deployment: how it goes, its log, why it failed, what can be done. */
export function DeploymentPage() {
  const { deployment } = useParams({ from: "/deployments/$deployment" });
  // Another deployment is another page: nothing of this one is carried over.
  return <Loaded key={deployment} id={deployment} />;
}

function Loaded({ id }: { readonly id: string }) {
  const { query, timeline } = useDeployment(id);
  if (query.data !== undefined) return <DeploymentView deployment={query.data} timeline={timeline} />;
  if (query.isError)
    return (
      <Page title={sayer(shell)("broken.title")}>
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    );
  return (
    <Box data-loading>
      <PageSkeleton />
    </Box>
  );
}
