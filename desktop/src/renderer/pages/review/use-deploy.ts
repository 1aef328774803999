import type { PlanSettings, SourceRef } from "@cloudsmith/contracts";
import type { SourceReview } from "@cloudsmith/contracts/api";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../../api/client.ts";
import { applyVariables } from "../../variables/apply-variables.ts";
import { nothingStored, type StoredVariables, type VariableRow } from "../../variables/variable-rows.ts";

export interface Deployable {
  readonly source: SourceRef;
  readonly review: SourceReview;
  readonly name: string;
  readonly environment: string;
  readonly account: string | undefined;
  readonly settings: PlanSettings;
  readonly rows: readonly VariableRow[];
  readonly stored: StoredVariables | undefined;
}

/**
 * Makes the project and its environment where they are missing, sets what was edited and asks for the deployment. Each step can be done twice
 * without harm, and one key stands for the page: pressed twice or tried again, it is deployed once.
 */
export function useDeploy() {
  const [requestKey] = useState(() => crypto.randomUUID());
  return useMutation({ mutationFn: (wanted: Deployable) => deploy(wanted, requestKey) });
}

async function deploy(wanted: Deployable, requestKey: string): Promise<{ id: string; projectId: string }> {
  const { source, review, environment, settings } = wanted;
  const { project, created } = await client.projects.ensure({
    source,
    settings,
    ...(review.project === null && { name: wanted.name }),
    ...(wanted.account !== undefined && { account: wanted.account }),
  });
  const place = { project: project.project.id, environment };
  if (!created && JSON.stringify(project.project.settings) !== JSON.stringify(settings))
    await client.projects.update({ project: place.project, settings });
  if (!project.environments.some((each) => each.environment.name === environment))
    await client.environments.create({ project: place.project, name: environment });
  await applyVariables(place, wanted.rows, wanted.stored ?? nothingStored);
  return client.deployments.create({ ...place, source, requestKey });
}
