import { Box, Grid } from "@chakra-ui/react";
import type { PlanSettings, SourceRef } from "@cloudsmith/contracts";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { useCommands } from "../../commands/registry.ts";
import { ErrorPanel } from "../../parts/error-panel.tsx";
import { searchOf } from "../../source/source-search.ts";
import { withAskedFor } from "../../variables/asked-for.ts";
import { useStoredVariables } from "../../variables/use-stored-variables.ts";
import { problemsOf, type VariableRow } from "../../variables/variable-rows.ts";
import { review as words } from "../../words/review.ts";
import { useSay } from "../../words/say.ts";
import { DeployPanel } from "./deploy-panel.tsx";
import { PlanSection } from "./plan-section.tsx";
import { ReviewSkeleton } from "./review-skeleton.tsx";
import { SourceSection } from "./source-section.tsx";
import { useDeploy } from "./use-deploy.ts";
import { VariablesSection } from "./variables-section.tsx";
import { readyOf } from "./ready.ts";

export interface ReviewFormProps {
  readonly source: SourceRef;
  readonly environment: string;
  /** What a repository is read with; a project has its own. */
  readonly account: string | undefined;
}

/** Everything that is decided before a source is deployed. What is edited is kept here until the button is pressed. */
export function ReviewForm({ source, environment, account }: ReviewFormProps) {
  const say = useSay(words);
  const navigate = useNavigate();
  const [settings, setSettings] = useState<PlanSettings>();
  const [name, setName] = useState<string>();
  const [edited, setEdited] = useState<readonly VariableRow[]>();
  const query = useQuery(
    api.sources.review.queryOptions({
      input: {
        source,
        environment,
        ...(settings !== undefined && { settings }),
        ...(account !== undefined && { account }),
      },
      placeholderData: keepPreviousData,
      retry: false,
      // A folder changes without a notice: what is looked at is what is there now.
      staleTime: 0,
      refetchOnWindowFocus: false,
    }),
  );
  const review = query.data;
  const project = review?.project ?? undefined;
  const known = project?.environments.includes(environment) === true;
  const stored = useStoredVariables(known && project !== undefined ? { project: project.id, environment } : undefined);
  const deploy = useDeploy();
  const rows = withAskedFor(edited, review?.variables ?? [], stored.data);
  const problems = problemsOf(rows);
  const ready = readyOf({ review, rows, problems, name, environment });
  const busy = deploy.isPending || deploy.isSuccess;
  const press = (): void => {
    if (review === undefined || ready.blocked !== undefined || busy) return;
    deploy.mutate(
      {
        source,
        review,
        environment,
        account,
        rows,
        name: name ?? review.suggestedName,
        settings: settings ?? review.project?.settings ?? {},
        stored: stored.data,
      },
      { onSuccess: ({ id }) => void navigate({ to: "/deployments/$deployment", params: { deployment: id } }) },
    );
  };
  const turnTo = (next: SourceRef, toEnvironment = environment): void => {
    void navigate({
      to: "/new/review",
      search: { ...searchOf(next, account), ...(toEnvironment !== "production" && { environment: toEnvironment }) },
      replace: true,
    });
  };
  useCommands([
    {
      id: "review.deploy",
      title: say("deploy.to", { environment }),
      group: say("group"),
      icon: Rocket,
      keys: "mod+enter",
      disabled: ready.blocked === undefined ? undefined : say(`deploy.${ready.blocked}`),
      run: press,
    },
  ]);
  if (query.isPending) return <ReviewSkeleton source={source} />;
  if (review === undefined) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Grid templateColumns={{ base: "minmax(0, 1fr)", lg: "minmax(0, 1fr) 300px" }} columnGap="8" alignItems="start">
      <Box minW="0">
        <SourceSection source={source} account={account} review={review} onChange={turnTo} />
        {query.isError && (
          <Box mb="6">
            <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
          </Box>
        )}
        <PlanSection
          review={review}
          settings={settings ?? review.project?.settings ?? {}}
          replanning={query.isFetching}
          disabled={busy}
          onSettings={setSettings}
          onApp={(dir) => turnTo({ ...source, dir })}
          onAgain={() => void query.refetch()}
        />
        <VariablesSection
          review={review}
          environment={environment}
          rows={rows}
          disabled={busy || stored.isLoading}
          onChange={setEdited}
        />
        {stored.isError && <ErrorPanel error={stored.error} onRetry={() => void stored.refetch()} />}
      </Box>
      <DeployPanel
        review={review}
        name={name ?? review.suggestedName}
        environment={environment}
        ready={ready}
        pending={busy}
        error={deploy.error}
        onName={setName}
        onEnvironment={(next) => {
          setEdited(undefined);
          turnTo(source, next);
        }}
        onDeploy={press}
      />
    </Grid>
  );
}
