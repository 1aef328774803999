import { withEventMeta } from "@orpc/server";
import { os } from "./base.ts";
import { decodeCursor } from "./live-cursor.ts";

export const live = {
  open: os.live.open.handler(async function* ({ input, context: { streams, caller }, lastEventId, signal }) {
    const stop = signal ?? AbortSignal.timeout(24 * 3600_000);
    const cursor = decodeCursor(lastEventId) ?? { subscriptions: input.subscriptions, progress: {} };
    for await (const { message, id } of streams.open(caller.teamId, cursor, stop)) yield withEventMeta(message, { id });
  }),
  change: os.live.change.handler(({ input, context: { streams, caller } }) => {
    streams.change(caller.teamId, input.stream, input.add, input.remove);
    return { done: true as const };
  }),
};
