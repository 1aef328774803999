import { CloudSmithError } from "@cloudsmith/contracts";
import type { KeeperRelease, KeeperRoute } from "../protocol.ts";
import { findFreePort, isPortFree } from "./free-port.ts";
import type { Front } from "./proxy/front.ts";
import type { PlacedRoute } from "./proxy/route-table.ts";

const firstProxyPort = 7070;
const triedPorts = 100;

/** PORT of each release, by its id. */
export type AppPorts = Readonly<Record<string, number>>;

/** Hands out ports: the proxy's, each route's own, and each app's. What had one keeps it while it is free. */
export class Ports {
  readonly #front: Front;
  #proxyPort = 0;
  #taken: ReadonlySet<number> = new Set();

  constructor(front: Front) {
    this.#front = front;
  }

  /**
   * Listens on the wanted port, or the next free one behind it.
   * @throws `conflict` when a hundred ports in a row are taken.
   */
  async openProxyPort(wanted: number | null): Promise<number> {
    const first = wanted ?? firstProxyPort;
    for (let port = first; port < first + triedPorts; port++) {
      if (!(await this.#tryListen(port))) continue;
      this.#proxyPort = port;
      return port;
    }
    throw new CloudSmithError("conflict", `The ports ${first} to ${first + triedPorts - 1} are all taken`, {
      fix: "Start with another proxy port",
    });
  }

  /** Gives each route its own port and listens there: the one that is asked for, the one it had, or a free one. */
  async place(routes: readonly KeeperRoute[], before: readonly KeeperRoute[]): Promise<PlacedRoute[]> {
    const ports = new Map<string, number>();
    for (const route of routes) {
      const had = before.find((other) => other.environmentId === route.environmentId)?.plainPort ?? null;
      const isOurs = (port: number) =>
        before.some((other) => other.plainPort === port && other.environmentId !== route.environmentId);
      const wishes = [route.plainPort, had].filter(
        (port) => port !== null && !isOurs(port) && ![...ports.values()].includes(port),
      );
      ports.set(route.environmentId, await this.#listenOnOne(wishes));
    }
    return routes.map((route) => ({ ...route, plainPort: ports.get(route.environmentId) ?? 0 }));
  }

  /** Gives every app its PORT. Those that run keep theirs, also when they are on their way out. */
  async assign(
    releases: readonly KeeperRelease[],
    running: readonly string[],
    had: AppPorts,
  ): Promise<Record<string, number>> {
    const kept = new Set(running);
    const ports: Record<string, number> = Object.fromEntries(Object.entries(had).filter(([id]) => kept.has(id)));
    for (const { id, run } of releases) {
      if (run.type !== "process" || ports[id] !== undefined) continue;
      const before = had[id];
      this.#taken = new Set([...Object.values(had), ...Object.values(ports)]);
      ports[id] = before !== undefined && (await isPortFree(before)) ? before : await findFreePort(this.#taken);
    }
    this.#taken = new Set(Object.values(ports));
    return ports;
  }

  async #listenOnOne(wishes: readonly (number | null)[]): Promise<number> {
    for (const port of wishes) {
      if (port !== null && port !== this.#proxyPort && (await this.#tryListen(port))) return port;
    }
    for (;;) {
      const port = await findFreePort(this.#taken);
      if (await this.#tryListen(port)) return port;
    }
  }

  async #tryListen(port: number): Promise<boolean> {
    try {
      await this.#front.listen(port);
      return true;
    } catch {
      return false; // taken by another program, or not ours to open
    }
  }
}
