import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer as createNetServer, type Server as NetServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Duplex } from "node:stream";
import type { Backend } from "./backend.ts";
import { forward, maxHeaderBytes, type ForwardResult } from "./forward.ts";
import { findAmbiguity } from "./headers.ts";
import { pages, sendPage, sendPageToSocket, type Page } from "./pages.ts";
import type { PlacedRoute } from "./route-table.ts";
import { forwardUpgrade, isWebSocketUpgrade } from "./upgrade.ts";
import { createServer } from "../node-http.ts";

/** How long a request waits for an app that is starting or coming back. */
const patienceMs = 10_000;
/** Attempts to send one request after its connection could not be made or broke; waiting for the app is not counted. */
const longestRetry = 20;
const clientKeepAliveMs = 30_000;

/** What the proxy asks of the keeper; every answer is the state of this very moment. */
export interface Gateway {
  route(localPort: number | undefined, host: string | undefined): PlacedRoute | null;
  backend(route: PlacedRoute): Backend | null;
  /** The route of the same environment now; null when it was removed. */
  again(route: PlacedRoute): PlacedRoute | null;
  /** Resolves at the next change of routes or releases, or when the signal fires. */
  changed(signal: AbortSignal): Promise<void>;
}

interface Job {
  readonly request: IncomingMessage;
  readonly arrivedAt: number;
  readonly isGone: () => boolean;
  /** Breaks the exchange off. */
  readonly abort: () => void;
  readonly refuse: (page: Page) => void;
  readonly pass: (backend: Backend) => Promise<ForwardResult>;
}

/** The HTTP server in front of all apps: the shared port and each environment's own one lead to it. */
export class Front {
  readonly #gateway: Gateway;
  readonly #server: Server;
  readonly #listeners = new Map<number, NetServer[]>();

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
    this.#server = createServer({
      keepAlive: true,
      maxHeaderSize: maxHeaderBytes,
      requestTimeout: 0,
      shouldUpgradeCallback: isWebSocketUpgrade,
    });
    this.#server.keepAliveTimeout = clientKeepAliveMs;
    this.#server.on("request", (request, response) => void this.#serve(request, response, false));
    this.#server.on(
      "checkContinue",
      (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response, true),
    );
    this.#server.on("upgrade", (request, socket, head) => void this.#upgrade(request, socket, head));
    // Starts the server's own check of slow and idle connections, which otherwise begins with listen().
    this.#server.emit("listening");
  }

  /**
   * Listens on 127.0.0.1 and, where there is one, ::1.
   * @throws the system's error when the port is taken on 127.0.0.1 or by somebody else on ::1.
   */
  async listen(port: number): Promise<void> {
    if (this.#listeners.has(port)) return;
    const four = await this.#listenOn("127.0.0.1", port);
    const six = await this.#listenOn("::1", port).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") return null;
      four.close();
      throw error;
    });
    this.#listeners.set(port, six === null ? [four] : [four, six]);
  }

  /** Takes no new connections on a port; open ones go on until their requests are done. */
  unlisten(port: number): void {
    for (const server of this.#listeners.get(port) ?? []) server.close();
    this.#listeners.delete(port);
  }

  close(): void {
    for (const port of this.#listeners.keys()) this.unlisten(port);
    this.#server.emit("close");
    this.#server.closeAllConnections();
  }

  #listenOn(host: string, port: number): Promise<NetServer> {
    return new Promise((resolve, reject) => {
      const server = createNetServer({ noDelay: true, pauseOnConnect: false, allowHalfOpen: true }, (socket: Socket) =>
        this.#server.emit("connection", socket),
      );
      server.once("error", reject);
      server.listen({ host, port, exclusive: true, ipv6Only: host === "::1", backlog: 1024 }, () => resolve(server));
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): Promise<void> {
    const arrivedAt = performance.now();
    await this.#run({
      request,
      arrivedAt,
      isGone: () => response.destroyed || response.headersSent,
      abort: () => response.destroy(),
      refuse: (page) => {
        // Where a request ends is in doubt when it was not well-formed, so nothing more is read from the connection.
        if (page.status === 400 || page.status === 501) response.shouldKeepAlive = false;
        sendPage(request, response, page);
      },
      pass: async (backend) => {
        const { target, agent, traffic } = backend;
        if (target === null) return "refused";
        if (target.type === "process")
          return forward(request, response, {
            host: target.host,
            port: target.port,
            agent,
            traffic,
            expectsContinue,
            arrivedAt,
          });
        if (expectsContinue) response.writeContinue();
        await target.handle(request, response);
        return "answered";
      },
    });
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const arrivedAt = performance.now();
    socket.on("error", () => socket.destroy());
    await this.#run({
      request,
      arrivedAt,
      isGone: () => socket.destroyed,
      abort: () => socket.destroy(),
      refuse: (page) => sendPageToSocket(request, socket, page),
      pass: async ({ target, traffic }) => {
        if (target === null) return "refused";
        if (target.type === "process")
          return forwardUpgrade(request, socket, head, { host: target.host, port: target.port, traffic, arrivedAt });
        sendPageToSocket(request, socket, {
          status: 400,
          code: "not-a-websocket",
          title: "This is a static site",
          text: "It takes no WebSocket connections.",
        });
        return "answered";
      },
    });
  }

  /** Finds the release for a request and passes it on; waits and looks again while the app is expected soon. */
  async #run(job: Job): Promise<void> {
    const ambiguity = findAmbiguity(job.request);
    if (ambiguity !== null)
      return job.refuse({
        status: ambiguity.status,
        code: "bad-request",
        title: "This request is not well-formed",
        text: ambiguity.why,
      });
    let route = this.#gateway.route(job.request.socket.localPort, job.request.headers.host);
    const deadline = AbortSignal.timeout(patienceMs);
    let failures = 0;
    while (route !== null && !job.isGone()) {
      const backend = this.#gateway.backend(route);
      const page = whyNot(route, backend, deadline.aborted);
      if (page !== null) return job.refuse(page);
      if (backend === null || backend.target === null) await this.#gateway.changed(deadline);
      else {
        const result = await passCounted(job, backend);
        if (result === "answered") return;
        if (result === "broken" || ++failures > longestRetry || deadline.aborted)
          return job.refuse(result === "refused" ? pages.crashed : pages.broken);
        if (result === "refused") backend.noteRefused();
        // The end of a process is seen a moment after its connections broke.
        await delay(5 * failures);
      }
      route = this.#gateway.again(route);
    }
    if (!job.isGone()) job.refuse(pages.unknownHost);
  }
}

async function passCounted(job: Job, backend: Backend): Promise<ForwardResult> {
  const end = backend.exchanges.begin(job.abort);
  try {
    return await job.pass(backend);
  } finally {
    end();
  }
}

/** The page for a request that cannot be passed on now and need not wait; null when it can or should. */
function whyNot(route: PlacedRoute, backend: Backend | null, isLate: boolean): Page | null {
  if (route.state === "stopped") return pages.stopped;
  if (route.releaseId === null) return route.state === "deploying" ? pages.deploying : pages.nothingDeployed;
  if (backend === null) return isLate ? pages.starting : null;
  if (backend.isStopped) return pages.stopped;
  if (backend.target !== null) return null;
  if (!isLate && backend.isExpectedSoon) return null;
  return backend.isCrashing ? pages.crashed : pages.starting;
}
