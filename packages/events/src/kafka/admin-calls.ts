import { CloudSmithError, toCloudSmithError } from "@cloudsmith/contracts";
import { setTimeout as wait } from "node:timers/promises";

/** How long an answer such as "not the leader" is asked again: brokers give it for a moment after a topic was created or moved. */
const boundMs = 20_000;
const pauseMs = 100;

/** Asks Kafka something that may be asked again. kafkajs itself gives up at the first such answer. */
export async function askKafka<T>(ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + boundMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (isUnreachable(error)) throw unreachable(error);
      if (performance.now() > end) throw toCloudSmithError(error);
      await wait(pauseMs);
    }
  }
}

const unreachableNames = new Set([
  "KafkaJSConnectionError",
  "KafkaJSConnectionClosedError",
  "KafkaJSBrokerNotFound",
  "KafkaJSNoBrokerAvailableError",
  "KafkaJSSASLAuthenticationError",
]);

/** A connection that failed was tried often enough by the client. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    unreachableNames.has(error.name) ||
    /ECONNREFUSED|ENOTFOUND|ETIMEDOUT/.test(error.message) ||
    isUnreachable(error.cause)
  );
}

function unreachable(error: unknown): CloudSmithError {
  return new CloudSmithError("component-missing", "Kafka does not answer", {
    why: error instanceof Error ? error.message : String(error),
    fix: "Check that its brokers run, and their addresses and credentials in the configuration",
    cause: error,
  });
}
