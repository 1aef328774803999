import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer as createNetServer, type Server as NetServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer } from "../node-http.ts";
import { forward, maxHeaderBytes } from "./forward.ts";
import { sendPage, sendPageToSocket } from "./pages.ts";
import { passOn, type Gateway } from "./pass-on.ts";
import { forwardUpgrade, isWebSocketUpgrade } from "./upgrade.ts";

const clientKeepAliveMs = 30_000;

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
    await passOn(this.#gateway, {
      request,
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
            allowedHost: target.allowedHost,
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
    await passOn(this.#gateway, {
      request,
      isGone: () => socket.destroyed,
      abort: () => socket.destroy(),
      refuse: (page) => sendPageToSocket(request, socket, page),
      pass: async ({ target, traffic }) => {
        if (target === null) return "refused";
        if (target.type === "process") return forwardUpgrade(request, socket, head, { ...target, traffic, arrivedAt });
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
}
