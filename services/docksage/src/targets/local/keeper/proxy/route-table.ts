import type { KeeperRoute } from "../../protocol.ts";
import { isLoopbackName, labelOf, parseHost } from "./host.ts";

export type PlacedRoute = KeeperRoute & { readonly plainPort: number };

/** The routes of one moment; replaced as a whole, so that a request sees either the old or the new ones. */
export class RouteTable {
  readonly routes: readonly PlacedRoute[];
  readonly #byLabel: ReadonlyMap<string, PlacedRoute>;
  readonly #byPort: ReadonlyMap<number, PlacedRoute>;
  readonly #byEnvironment: ReadonlyMap<string, PlacedRoute>;

  constructor(routes: readonly PlacedRoute[]) {
    this.routes = routes;
    this.#byLabel = new Map(routes.map((route) => [route.host, route]));
    this.#byPort = new Map(routes.map((route) => [route.plainPort, route]));
    this.#byEnvironment = new Map(routes.map((route) => [route.environmentId, route]));
  }

  ofEnvironment(environmentId: string): PlacedRoute | null {
    return this.#byEnvironment.get(environmentId) ?? null;
  }

  /** The environment that a request is for, by the local port it came in on and its Host header; null when it is for none. */
  find(localPort: number | undefined, hostHeader: string | undefined): PlacedRoute | null {
    const host = parseHost(hostHeader ?? "");
    if (host === null || !isLoopbackName(host)) return null;
    const plain = localPort === undefined ? undefined : this.#byPort.get(localPort);
    if (plain !== undefined) return plain;
    const label = labelOf(host);
    return label === null ? null : (this.#byLabel.get(label) ?? null);
  }
}
