import { Button, Flex, NativeSelect } from "@chakra-ui/react";
import { deploymentStates, isSettled, type Deployment } from "@cloudsmith/contracts";
import { useNavigate } from "@tanstack/react-router";
import { History, SearchX } from "lucide-react";
import { useCallback } from "react";
import { api, client } from "../../api/client.ts";
import { useNewestFirst } from "../../api/use-newest-first.ts";
import { DataList } from "../../parts/data-list.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { RollbackDialog } from "../../rollback/rollback-dialog.tsx";
import { common } from "../../words/common.ts";
import { project as words } from "../../words/project.ts";
import { useSay } from "../../words/say.ts";
import { DeploymentRow } from "./deployment-row.tsx";
import type { TabProps } from "./tab-content.tsx";
import { useProjectNavigate, useProjectSearch } from "./use-project-page.ts";

/** What was deployed to the environment, the newest first, with a way back to each. */
export function DeploymentsTab({ view, environment }: TabProps) {
  const say = useSay(words);
  const sayCommon = useSay(common);
  const search = useProjectSearch();
  const go = useProjectNavigate(view);
  const navigate = useNavigate();
  const { name } = environment.environment;
  const place = { project: view.project.id, environment: name };
  const input = { ...place, limit: 50, ...(search.state !== undefined && { state: search.state }) };
  const list = useNewestFirst<Deployment>({
    queryKey: api.deployments.list.key({ type: "infinite", input }),
    read: (cursor, signal) => client.deployments.list({ ...input, cursor }, { signal }),
    mayChange: ({ state }) => !isSettled(state),
  });
  const { fetchNextPage } = list;
  const onMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const row = (deployment: Deployment) => (
    <DeploymentRow
      deployment={deployment}
      isLive={deployment.id === environment.environment.live?.deploymentId}
      onRollback={() => go({ rollback: deployment.id })}
    />
  );
  return (
    <>
      <Flex mb="3">
        <NativeSelect.Root size="xs" width="auto">
          <NativeSelect.Field
            aria-label={say("deployments.state")}
            value={search.state ?? ""}
            onChange={(event) => go({ state: deploymentStates.find((state) => state === event.target.value) })}
          >
            <option value="">{say("deployments.all")}</option>
            {deploymentStates.map((state) => (
              <option key={state} value={state}>
                {sayCommon(`state.${state}`)}
              </option>
            ))}
          </NativeSelect.Field>
          <NativeSelect.Indicator />
        </NativeSelect.Root>
      </Flex>
      <DataList
        label={say("deployments.list")}
        items={list.data?.pages.flatMap(({ items }) => items)}
        keyOf={({ id }) => id}
        rowHeight={60}
        row={row}
        empty={
          search.state === undefined ? (
            <EmptyState
              icon={History}
              title={say("deployments.empty")}
              text={say("deployments.emptyText", { environment: name })}
            />
          ) : (
            <EmptyState
              icon={SearchX}
              title={say("deployments.noMatch", { state: sayCommon(`state.${search.state}`).toLowerCase() })}
              text={say("deployments.noMatchText")}
            >
              <Button size="sm" variant="outline" onClick={() => go({ state: undefined })}>
                {say("deployments.clear")}
              </Button>
            </EmptyState>
          )
        }
        error={list.error}
        onRetry={() => void list.refetch()}
        hasMore={list.hasNextPage}
        loadingMore={list.isFetchingNextPage}
        onMore={onMore}
      />
      {search.rollback !== undefined && (
        <RollbackDialog
          place={place}
          to={search.rollback}
          onClose={() => go({ rollback: undefined })}
          onStarted={({ id }) => void navigate({ to: "/deployments/$deployment", params: { deployment: id } })}
        />
      )}
    </>
  );
}
