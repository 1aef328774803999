import { isSettled, type Deployment } from "@cloudsmith/contracts";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useProjectList } from "../api/project-list.ts";
import { recentDeployments } from "./recent-deployments.ts";
import { useSeenUntil } from "./seen.ts";
import { useWishes, type Wishes } from "./wishes.ts";

export interface Notice {
  readonly deployment: Deployment;
  /** Undefined where the project is gone or not read yet. */
  readonly project: string | undefined;
  readonly at: string;
  readonly isNew: boolean;
}

/** Deployments that went live or failed lately, newest first, as far as the person wants to be told. */
export function useNotices(): readonly Notice[] {
  const list = useQuery(recentDeployments());
  const { projects } = useProjectList();
  const seenUntil = useSeenUntil();
  const wishes = useWishes();
  return useMemo(() => {
    const names = new Map(projects?.map(({ project }) => [project.id, project.name]));
    return noticesOf(list.data?.items ?? [], wishes).map(({ deployment, at }) => ({
      deployment,
      at,
      project: names.get(deployment.projectId),
      isNew: at > seenUntil,
    }));
  }, [list.data, projects, seenUntil, wishes]);
}

/** What settled and is worth telling, newest first. */
export function noticesOf(
  deployments: readonly Deployment[],
  wishes: Pick<Wishes, "live" | "failed">,
): { deployment: Deployment; at: string }[] {
  return deployments
    .flatMap((deployment) => {
      const { state, settledAt } = deployment;
      const isTold = isSettled(state) && ((state === "live" && wishes.live) || (state === "failed" && wishes.failed));
      return isTold && settledAt !== null ? [{ deployment, at: settledAt }] : [];
    })
    .sort((a, b) => b.at.localeCompare(a.at));
}
