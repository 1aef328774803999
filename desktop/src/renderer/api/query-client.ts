import { QueryCache, QueryClient } from "@tanstack/react-query";
import { api } from "./client.ts";
import { isNotSignedIn, isPassing } from "./errors.ts";

/** Reads stay fresh by the live stream, which says what changed; so nothing is asked for again by time. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      // The session ended while the page was open: asking who we are again shows the way to sign in.
      const isMe = JSON.stringify(query.queryKey) === JSON.stringify(api.auth.me.queryKey());
      if (isNotSignedIn(error) && !isMe) void queryClient.invalidateQueries({ queryKey: api.auth.key() });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => isPassing(error) && count < 3,
      retryDelay: (attempt) => Math.min(4000, 250 * 2 ** attempt),
      // Offline is told by the live stream; a browser's own guess stops calls to this very computer.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});
