import type { IncomingMessage, ServerResponse } from "node:http";
import type { TrafficCounter } from "../metrics/traffic-counter.ts";

export interface StaticSiteOptions {
  readonly dir: string;
  readonly spa: boolean;
  readonly immutable: readonly string[];
  readonly traffic: TrafficCounter;
}

export function createStaticHandler(
  options: StaticSiteOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (_request, response) => {
    response.writeHead(200).end(options.dir);
  };
}
