import type { RepositoryProblem, RepositoryView } from "@cloudsmith/contracts/api";
import { useSyncExternalStore } from "react";
import { client } from "../../api/client.ts";
import { RepositoryStream, type Streamed } from "./repository-stream.ts";

/** One for the window: who comes back to the page sees at once what was read before. */
const stream = new RepositoryStream<RepositoryView, RepositoryProblem>(({ cursor, fresh }, signal) =>
  client.repositories.list(
    { limit: 1000, ...(cursor !== undefined && { cursor }), ...(fresh && { maxAgeSeconds: 0 }) },
    { signal },
  ),
);

/** All repositories of the person's accounts, as they come. */
export function useRepositories(): Streamed<RepositoryView, RepositoryProblem> {
  return useSyncExternalStore(
    (listener) => stream.listen(listener),
    () => stream.streamed,
  );
}

export function refreshRepositories(): void {
  stream.refresh();
}

export function retryRepositories(): void {
  stream.retry();
}
