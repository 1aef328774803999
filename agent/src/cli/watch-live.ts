import type { LiveMessage, Subscription } from "@cloudsmith/contracts/api";
import { getEventMeta, ORPCError } from "@orpc/client";
import { setTimeout as wait } from "node:timers/promises";
import type { Cli } from "./cli.ts";

/** Time without any connection after which a follower gives up, in milliseconds. */
const patienceMs = 60_000;

/**
 * Live messages until every subscription has ended. An agent that dies on the way is found or started again and the stream goes on
 * after the last message that was seen, without a gap or a duplicate.
 */
export async function* watchLive(
  cli: Cli,
  subscriptions: Subscription[],
  signal: AbortSignal,
): AsyncGenerator<LiveMessage> {
  const open = new Set(subscriptions.map(({ key }) => key));
  let lastEventId: string | undefined;
  let lostAt: number | undefined;
  while (open.size > 0 && !signal.aborted) {
    try {
      const client = await cli.connect({ start: true });
      const stream = await client.live.open(
        { subscriptions },
        { signal, context: { retry: 0 }, ...(lastEventId !== undefined && { lastEventId }) },
      );
      for await (const message of stream) {
        lostAt = undefined;
        lastEventId = getEventMeta(message)?.id ?? lastEventId;
        if (message.type === "failed")
          throw new ORPCError(message.error.code, {
            defined: true,
            message: message.error.message,
            data: message.error,
          });
        if (message.type === "end") open.delete(message.key);
        yield message;
        if (open.size === 0) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      lostAt ??= Date.now();
      // An agent that answers with an error is there; asking it again would not change the answer.
      if (error instanceof ORPCError || Date.now() - lostAt > patienceMs) throw error;
    }
    await wait(200, undefined, { signal }).catch(() => undefined);
  }
}
