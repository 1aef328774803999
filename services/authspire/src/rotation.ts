import type { ApiToken } from "@cloudsmith/contracts";

export type Rotation = NonNullable<ApiToken["rotation"]>;

/** A session's value is replaced when it is so old, in seconds: one that was copied is soon worth nothing. */
const rotateSeconds = 600;
/** A new value that has not been seen after so long was lost on its way: another one is given. */
const lostSeconds = 60;
/** How long the replaced value is good for requests that were on their way. */
const graceSeconds = 60;

export type RotationStep =
  /** Good; with `next` where a new value is to be given. */
  | { readonly type: "good"; readonly rotation?: Rotation; readonly giveNext: boolean }
  /** A value that was replaced long ago: somebody else has it too, so that the whole session ends. */
  | { readonly type: "stolen" }
  | { readonly type: "unknown" };

/** What follows from a session's value being shown now. Pure. */
export function rotate(rotation: Rotation, shown: string, now: Date): RotationStep {
  const at = now.toISOString();
  if (shown === rotation.next?.hash) {
    const until = new Date(now.getTime() + graceSeconds * 1000).toISOString();
    const previous = { hash: rotation.current, until };
    return { type: "good", rotation: { current: shown, since: at, next: null, previous }, giveNext: false };
  }
  if (shown === rotation.current) return { type: "good", giveNext: isDue(rotation, now) };
  if (shown !== rotation.previous?.hash) return { type: "unknown" };
  return at <= rotation.previous.until ? { type: "good", giveNext: false } : { type: "stolen" };
}

function isDue({ since, next }: Rotation, now: Date): boolean {
  const seconds = (from: string): number => (now.getTime() - Date.parse(from)) / 1000;
  return next === null ? seconds(since) >= rotateSeconds : seconds(next.at) >= lostSeconds;
}
