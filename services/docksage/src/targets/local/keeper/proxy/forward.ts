import type { Agent, ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import type { TrafficCounter } from "../metrics/traffic-counter.ts";
import { endToEndHeaders, framing, originForm, requestHeaders } from "./headers.ts";
import { request as httpRequest } from "../node-http.ts";

export interface ForwardOptions {
  readonly host: string;
  readonly port: number;
  readonly allowedHost: string | null;
  readonly agent: Agent;
  readonly traffic: TrafficCounter;
  readonly expectsContinue: boolean;
  /** When the request arrived, by `performance.now()`. */
  readonly arrivedAt: number;
}

/**
 * How a forward ended: `answered` (the response is out, or broken off, in any case over), `refused` (no connection came about, so
 * nothing was sent), `reset` (the connection broke before an answer, and the request is one that may be sent again), `broken` (it
 * broke and must not be sent again).
 */
export type ForwardResult = "answered" | "refused" | "reset" | "broken";

/** Methods that may be sent twice (RFC 9110, 9.2.2). */
const idempotent: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);
/** How long an app is given to say 100 Continue before the body is sent all the same (RFC 9110, 10.1.1). */
const continuePatienceMs = 1000;
export const maxHeaderBytes = 65_536;

/** Sends one request to an app and its answer back, streaming both ways, trailers included; neither body is ever held. */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  options: ForwardOptions,
): Promise<ForwardResult> {
  return new Promise((resolve) => {
    const upstream = httpRequest({
      host: options.host,
      port: options.port,
      method: request.method ?? "GET",
      path: originForm(request) ?? "/",
      agent: options.agent,
      headers: [...requestHeaders(request, options), ...framing(request)],
      maxHeaderSize: maxHeaderBytes,
    });
    let hasBegun = false;
    const onClientGone = () => {
      if (!response.writableFinished) upstream.destroy();
      resolve("answered");
    };
    response.once("close", onClientGone);
    const body = sendBodyOnceConnected(request, response, upstream, options);

    upstream.once("response", (answer) => {
      hasBegun = true;
      body.stopWaiting();
      options.traffic.answered(answer.statusCode ?? 0, performance.now() - options.arrivedAt);
      sendAnswer(request, response, upstream, answer, options);
    });
    upstream.on("information", (info) => {
      if (info.statusCode === 103 && !response.headersSent) forwardEarlyHints(response, info.rawHeaders);
    });
    upstream.on("error", (error: NodeJS.ErrnoException) => {
      body.stopWaiting();
      response.removeListener("close", onClientGone);
      // After the answer has begun only breaking off tells the client that it is not complete.
      if (hasBegun || response.headersSent) {
        response.destroy();
        resolve("answered");
      } else if (response.destroyed) resolve("answered");
      else if (!body.hasBegun() && isConnectFailure(error)) resolve("refused");
      else resolve(!hasBody(request) && idempotent.has(request.method ?? "") ? "reset" : "broken");
    });
  });
}

function isConnectFailure(error: NodeJS.ErrnoException): boolean {
  return error.syscall === "connect";
}

function hasBody(request: IncomingMessage): boolean {
  return request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0;
}

/** The body is not touched before there is a connection, so that a request can wait for its app and be sent then. */
function sendBodyOnceConnected(
  request: IncomingMessage,
  response: ServerResponse,
  upstream: ClientRequest,
  options: ForwardOptions,
) {
  let begun = false;
  let patience: NodeJS.Timeout | undefined;
  const begin = () => {
    if (begun || upstream.destroyed) return;
    begun = true;
    if (!hasBody(request)) {
      upstream.end();
      return;
    }
    request.on("data", (chunk: Buffer) => options.traffic.received(chunk.length));
    request.on("end", () => {
      const trailers = pairs(request.rawTrailers);
      if (trailers.length > 0) upstream.addTrailers(trailers);
      upstream.end();
    });
    request.pipe(upstream, { end: false });
  };
  const sayContinue = () => {
    clearTimeout(patience);
    if (begun || response.headersSent) return;
    response.writeContinue();
    begin();
  };
  upstream.once("socket", (socket) => {
    const onConnected = () => {
      if (!options.expectsContinue) return begin();
      upstream.flushHeaders();
      patience = setTimeout(sayContinue, continuePatienceMs);
    };
    if (socket.connecting) socket.once("connect", onConnected);
    else onConnected();
  });
  upstream.once("continue", () => {
    if (options.expectsContinue) sayContinue();
  });
  return { hasBegun: () => begun, stopWaiting: () => clearTimeout(patience) };
}

function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  upstream: ClientRequest,
  answer: IncomingMessage,
  options: ForwardOptions,
): void {
  if (response.destroyed) {
    upstream.destroy();
    return;
  }
  const isEarly = !request.complete;
  // The rest of an upload that nobody wants cannot be told from the next request, so the connection ends with this answer.
  if (isEarly && options.expectsContinue) response.shouldKeepAlive = false;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? "", endToEndHeaders(answer.rawHeaders));
  answer.on("data", (chunk: Buffer) => options.traffic.sent(chunk.length));
  answer.on("error", () => response.destroy());
  answer.on("end", () => {
    const trailers = pairs(answer.rawTrailers);
    if (trailers.length > 0) response.addTrailers(trailers);
    response.end();
    if (upstream.writableFinished) return;
    // The app has answered without reading the whole upload: the client may finish sending it.
    request.unpipe(upstream);
    request.resume();
    upstream.destroy();
  });
  answer.pipe(response, { end: false });
  // Headers go with the first bytes of the body, or at once when those take their time (server-sent events).
  setImmediate(() => {
    if (!response.writableEnded && !response.destroyed) response.flushHeaders();
  });
}

function forwardEarlyHints(response: ServerResponse, raw: readonly string[]): void {
  const link = pairs(raw).flatMap(([name, value]) => (name.toLowerCase() === "link" ? [value] : []));
  if (link.length > 0) response.writeEarlyHints({ link });
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name, raw[index + 1] ?? ""] satisfies [string, string]] : [],
  );
}
