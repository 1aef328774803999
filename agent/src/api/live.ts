import { withEventMeta } from "@orpc/server";
import { os } from "./base.ts";
import { answerFor, toOrpcError } from "./error-answers.ts";
import { decodeCursor } from "./live-cursor.ts";

export const live = {
  open: os.live.open.handler(async function* ({ input, context, lastEventId, signal }) {
    const { streams, caller, correlationId, onError } = context;
    try {
      const messages = streams.open({
        caller,
        subscriptions: input.subscriptions,
        cursor: lastEventId === undefined ? undefined : decodeCursor(lastEventId),
        signal: signal ?? AbortSignal.timeout(24 * 3600_000),
        describe: (error) => answerFor(error, correlationId, onError),
      });
      for await (const { message, id } of messages) yield withEventMeta(message, { id });
    } catch (error) {
      // Thrown in the middle of an answer, where nothing else would make it the one error shape.
      throw toOrpcError(error, correlationId, onError);
    }
  }),
  change: os.live.change.handler(({ input, context: { streams, caller } }) => {
    streams.change(caller.teamId, input.stream, input.add, input.remove);
    return { done: true as const };
  }),
};
