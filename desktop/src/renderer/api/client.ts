import { apiVersion, type Contract } from "@cloudsmith/contracts/api";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/fetch";
import type { ContractRouterClient } from "@orpc/contract";
import { createTanstackQueryUtils } from "@orpc/tanstack-query";

export type Client = ContractRouterClient<Contract>;

/** The agent behind this page. Who we are is the browser's cookie, or added by the desktop app; the page never holds it. */
export const client: Client = createORPCClient(
  new RPCLink({ url: `${window.location.origin}/rpc`, headers: { "x-cloudsmith-api": String(apiVersion) } }),
);

/** Query and mutation options of every procedure: `useQuery(api.projects.get.queryOptions({ input }))`. */
export const api = createTanstackQueryUtils(client);
