import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { type LiveState, type Told, type Wanted } from "./live-connection.ts";
import { live } from "./live.ts";

/** Listens while the component is shown. Subscribes anew when what is wanted changes in substance; undefined listens to nothing. */
export function useLive(wanted: Wanted | undefined, onMessage: (message: Told) => void): void {
  const tell = useEffectEvent(onMessage);
  const substance = JSON.stringify(wanted);
  useEffect(() => {
    if (substance === undefined) return undefined;
    // It was made from a subscription two lines above.
    return live.listen(JSON.parse(substance) as Wanted, (message) => tell(message));
  }, [substance]);
}

/** How the live stream of this window stands. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => live.watch(listener),
    () => live.state,
  );
}
