import { getEventMeta, ORPCError } from "@orpc/client";
import { client } from "../api/client.ts";
import { isNotSignedIn } from "../api/errors.ts";
import { LiveConnection, type LiveTransport } from "./live-connection.ts";

const transport: LiveTransport = {
  async open(subscriptions, { signal, lastEventId }) {
    const messages = await client.live.open(
      { subscriptions },
      { signal, ...(lastEventId !== undefined && { lastEventId }) },
    );
    return (async function* () {
      for await (const message of messages) yield { message, id: getEventMeta(message)?.id };
    })();
  },
  async change(stream, { add, remove }) {
    await client.live.change({ stream, add, remove });
  },
  meaning(error) {
    if (isNotSignedIn(error)) return "signed-out";
    return error instanceof ORPCError && error.code === "invalid-input" ? "lost-place" : "broken";
  },
};

/** The live stream of this window. */
export const live = new LiveConnection(transport);

window.addEventListener("online", () => live.retryNow());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && live.retryNow());
