import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { api } from "../api/client.ts";
import { isNotSignedIn } from "../api/errors.ts";
import { live } from "../live/live.ts";
import { useTeamChanges } from "../live/use-team-changes.ts";
import { useLiveState } from "../live/use-live.ts";
import { Shell } from "./shell.tsx";
import { SignedOut } from "./signed-out.tsx";

/** Everything that is on every page; asks who is signed in, and shows the way in where nobody is. */
export function Root() {
  const me = useQuery(api.auth.me.queryOptions({ staleTime: Infinity }));
  const liveState = useLiveState();
  // The stream may have been the first to find out: it tries again once somebody is signed in.
  const lookAgain = (): void => void me.refetch().then(({ isSuccess }) => isSuccess && live.retryNow());
  if (isNotSignedIn(me.error) || liveState === "signed-out") return <SignedOut onSignedIn={lookAgain} />;
  return (
    <Shell name={me.data?.name}>
      <StaysFresh />
      <Outlet />
    </Shell>
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
