import type { Deployment, TimelineEntry } from "@cloudsmith/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { useLive } from "../../live/use-live.ts";

/** A deployment and what happened to it, as it happens. */
export function useDeployment(id: string) {
  const queries = useQueryClient();
  const options = api.deployments.get.queryOptions({ input: { deployment: id } });
  const query = useQuery(options);
  const [timeline, setTimeline] = useState<readonly TimelineEntry[]>([]);
  useLive({ type: "deployment", deployment: id, after: 0, logs: false }, (message) => {
    if (message.type !== "timeline") return;
    setTimeline((before) => [...before, message.entry]);
    queries.setQueryData(options.queryKey, (before: Deployment | undefined) =>
      before === undefined || message.deployment.timeline >= before.timeline ? message.deployment : before,
    );
  });
  return { query, timeline };
}
