import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { Activity, useCallback, useEffect } from "react";
import { api } from "../api/client.ts";
import { isNotSignedIn } from "../api/errors.ts";
import { live } from "../live/live.ts";
import { useTeamChanges } from "../live/use-team-changes.ts";
import { useLiveState } from "../live/use-live.ts";
import { Shell } from "./shell.tsx";
import { SignedOut } from "./signed-out.tsx";

/**
 * Everything that is on every page; asks who is signed in, and shows the way in where nobody is. Where a session ends while a page is used,
 * the page is put aside, so that whoever signs in again finds what they had typed.
 */
export function Root() {
  const queries = useQueryClient();
  const me = useQuery(api.auth.me.queryOptions({ staleTime: Infinity }));
  const streamState = useLiveState();
  const isOut = isNotSignedIn(me.error) || streamState === "signed-out";
  const { refetch } = me;
  const lookAgain = useCallback(async (): Promise<void> => {
    const { isSuccess } = await refetch();
    if (!isSuccess) return;
    live.retryNow();
    await queries.invalidateQueries();
  }, [refetch, queries]);
  return (
    <>
      {isOut && <SignedOut onLook={() => void lookAgain()} />}
      {(!isOut || me.data !== undefined) && (
        <Activity mode={isOut ? "hidden" : "visible"}>
          <Shell name={me.data?.name}>
            <StaysFresh />
            <Outlet />
          </Shell>
        </Activity>
      )}
    </>
  );
}

/** Keeps the live stream open while somebody is signed in. */
function StaysFresh() {
  useTeamChanges();
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, []);
  return null;
}
