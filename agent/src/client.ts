import { createORPCClient, ORPCError } from "@orpc/client";
import { RPCLink } from "@orpc/client/fetch";
import { ClientRetryPlugin, type ClientRetryPluginContext } from "@orpc/client/plugins";
import type { ContractRouterClient } from "@orpc/contract";
import { apiVersion, type Contract } from "@cloudsmith/contracts/api";

export type AgentClient = ContractRouterClient<Contract, ClientRetryPluginContext>;

/** A typed client of an agent. Only live streams are retried: they come back with the id of their last message. */
export function createAgentClient(connection: { url: string; token: string }): AgentClient {
  const link = new RPCLink<ClientRetryPluginContext>({
    url: `${connection.url}/rpc`,
    headers: { authorization: `Bearer ${connection.token}`, "x-cloudsmith-api": String(apiVersion) },
    plugins: [
      new ClientRetryPlugin({
        default: {
          retry: ({ path }) => (path.join(".") === "live.open" ? 60 : 0),
          // An answer with a reason (not signed in, another version) stays the same when it is asked for again.
          shouldRetry: ({ error }) => !(error instanceof ORPCError && error.defined),
          retryDelay: ({ attemptIndex }) => Math.min(2000, 50 * 2 ** attemptIndex),
        },
      }),
    ],
  });
  return createORPCClient(link);
}
