import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api } from "../api/client.ts";
import { useLive } from "./use-live.ts";

/** What a change of the team may have changed; asked for again where it is shown. */
const changing: readonly QueryKey[] = [
  api.projects.key(),
  api.environments.key(),
  api.deployments.key(),
  api.activity.key(),
  api.metrics.top.key(),
];
const gatherMs = 150;

/** Keeps every query fresh: notices of changes, and whatever was missed while the stream was away, ask for what is shown again. */
export function useTeamChanges(): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLive({ type: "team" }, (message) => {
    if (message.type !== "changed") return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      for (const queryKey of changing) void queries.invalidateQueries({ queryKey });
    }, gatherMs);
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
}
