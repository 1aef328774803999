import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api } from "../api/client.ts";
import { native, openExternal } from "../native.ts";

/** What every beginning of a sign-in answers with. */
export interface FlowStart {
  readonly flow: string;
  readonly url: string;
}

const pollMs = 1500;

/**
 * Goes on to GitHub with a sign-in that was begun: in a browser by leaving this page, which GitHub comes back to; from the desktop app in the system's
 * browser, while this page waits.
 */
export function useSignIn() {
  const queries = useQueryClient();
  const href = useRouterState({ select: ({ location }) => location.href });
  const [waiting, setWaiting] = useState<FlowStart>();
  const flow = useQuery(
    api.accounts.flow.queryOptions({
      input: { flow: waiting?.flow ?? "" },
      enabled: waiting !== undefined,
      refetchInterval: ({ state }) => (state.data?.state === "waiting" ? pollMs : false),
    }),
  );
  const state = flow.data?.state;
  useEffect(() => {
    if (state !== "done" && state !== "failed") return;
    void queries.invalidateQueries({ queryKey: api.accounts.key() });
    void queries.invalidateQueries({ queryKey: api.repositories.key() });
  }, [state, queries]);
  return {
    /** The page to come back to, for the call that begins. */
    returnTo: native === undefined ? { returnTo: href } : {},
    goOn: (start: FlowStart): void => {
      if (native === undefined) window.location.assign(start.url);
      else {
        setWaiting(start);
        openExternal(start.url);
      }
    },
    /** Set while the system's browser has the sign-in. */
    waiting: state === "done" || state === "failed" ? undefined : waiting,
    error: state === "failed" ? flow.data?.error : null,
    stop: (): void => setWaiting(undefined),
  };
}
