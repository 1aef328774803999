import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { TrafficCounter } from "../metrics/traffic-counter.ts";
import { maxHeaderBytes, type ForwardResult } from "./forward.ts";
import { endToEndHeaders, originForm, requestHeaders } from "./headers.ts";
import { request as httpRequest } from "../node-http.ts";

export interface UpgradeOptions {
  readonly host: string;
  readonly port: number;
  readonly allowedHost: string | null;
  readonly traffic: TrafficCounter;
  readonly arrivedAt: number;
}

/** Only WebSocket upgrades pass: others (h2c) would open a way past the checks that each request goes through. */
export function isWebSocketUpgrade(request: IncomingMessage): boolean {
  return request.method === "GET" && request.headers.upgrade?.toLowerCase() === "websocket";
}

/** Passes a WebSocket handshake to an app and, when it agrees, every byte in both directions. `answered` when both ends are closed. */
export function forwardUpgrade(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  options: UpgradeOptions,
): Promise<ForwardResult> {
  return new Promise((resolve) => {
    let hasBegun = false;
    const upstream = httpRequest({
      host: options.host,
      port: options.port,
      method: "GET",
      path: originForm(request) ?? "/",
      agent: false,
      headers: [
        ...requestHeaders(request, { ...options, expectsContinue: false }),
        "Connection",
        "Upgrade",
        "Upgrade",
        "websocket",
      ],
      maxHeaderSize: maxHeaderBytes,
    });
    const onClientGone = () => {
      upstream.destroy();
      resolve("answered");
    };
    client.once("close", onClientGone);
    upstream.once("upgrade", (answer, app, appHead) => {
      hasBegun = true;
      options.traffic.answered(101, performance.now() - options.arrivedAt);
      client.write(headOf(answer, ["Connection: Upgrade", "Upgrade: websocket"]));
      joinSockets(client, app, options.traffic);
      // What came in one packet with the handshake belongs to the connection.
      if (appHead.length > 0) app.unshift(appHead);
      if (head.length > 0) client.unshift(head);
    });
    upstream.once("response", (answer) => {
      hasBegun = true;
      options.traffic.answered(answer.statusCode ?? 0, performance.now() - options.arrivedAt);
      client.write(headOf(answer, ["Connection: close"]));
      answer.on("error", () => client.destroy());
      answer.pipe(client);
    });
    upstream.on("error", (error: NodeJS.ErrnoException) => {
      client.removeListener("close", onClientGone);
      if (hasBegun) {
        client.destroy();
        resolve("answered");
      } else resolve(error.syscall === "connect" ? "refused" : "broken");
    });
    upstream.end();
  });
}

function headOf(answer: IncomingMessage, connection: readonly string[]): string {
  const raw = endToEndHeaders(answer.rawHeaders);
  const lines = raw.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${raw[index + 1] ?? ""}`] : []));
  return [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage ?? ""}`, ...lines, ...connection, "", ""].join("\r\n");
}

function joinSockets(client: Duplex, app: Duplex, traffic: TrafficCounter): void {
  client.on("data", (chunk: Buffer) => traffic.received(chunk.length));
  app.on("data", (chunk: Buffer) => traffic.sent(chunk.length));
  client.pipe(app);
  app.pipe(client);
  for (const [socket, other] of [
    [client, app],
    [app, client],
  ] as const) {
    // A broken end is no error of ours: the other end learns of it by its own closing.
    socket.on("error", () => other.destroy());
    socket.on("close", () => other.destroy());
  }
}
