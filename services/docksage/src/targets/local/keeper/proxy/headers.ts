import type { IncomingMessage } from "node:http";
import type { Page } from "./pages.ts";

/** Headers that concern one connection only (RFC 9110, 7.6.1). */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
]);
/** Headers that the keeper, being the first server that a request meets, sets itself: what a client claims there is not true. */
const setByKeeper: ReadonlySet<string> = new Set([
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-real-ip",
]);

const setByKeeperOrExpect: ReadonlySet<string> = new Set([...setByKeeper, "expect"]);

/** A flat list: name, value, name, value. */
export type RawHeaders = string[];

const none: ReadonlySet<string> = new Set();

/** The headers that pass on to the next hop: none of the connection's own, none that Connection names. */
export function endToEndHeaders(raw: readonly string[], drop: ReadonlySet<string> = none): RawHeaders {
  const named = namedByConnection(raw);
  const kept: RawHeaders = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || drop.has(lower)) continue;
    // Framing and routing are never left to a client's Connection header.
    if (named.has(lower) && lower !== "host" && lower !== "content-length") continue;
    kept.push(name, raw[index + 1] ?? "");
  }
  return kept;
}

function namedByConnection(raw: readonly string[]): ReadonlySet<string> {
  const values = valuesOf(raw, "connection").filter((value) => value !== "keep-alive" && value !== "close");
  if (values.length === 0) return none;
  return new Set(values.flatMap((value) => value.split(",").map((token) => token.trim().toLowerCase())));
}

/** All values of one header in a flat list. */
export function valuesOf(raw: readonly string[], lowerName: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? "";
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) values.push(raw[index + 1] ?? "");
  }
  return values;
}

/** What the app gets: the client's headers, framed anew, with the client's address and the host that was asked for. */
export function requestHeaders(
  request: IncomingMessage,
  { expectsContinue, allowedHost }: { readonly expectsContinue: boolean; readonly allowedHost: string | null },
): RawHeaders {
  const passed = endToEndHeaders(request.rawHeaders, expectsContinue ? setByKeeper : setByKeeperOrExpect);
  const headers = allowedHost === null ? passed : underHost(passed, request.headers.host ?? "", allowedHost);
  headers.push(
    "X-Forwarded-For",
    clientAddress(request),
    "X-Forwarded-Host",
    request.headers.host ?? "",
    "X-Forwarded-Proto",
    "http",
  );
  if (valuesOf(request.rawHeaders, "te").some((value) => /\btrailers\b/i.test(value))) headers.push("TE", "trailers");
  return headers;
}

/** The same request as one to another host; a form that was sent from the app's own page still comes from its own. */
function underHost(raw: RawHeaders, asked: string, host: string): RawHeaders {
  const origin = `http://${asked}`;
  return raw.map((value, index) => {
    const name = index % 2 === 1 ? (raw[index - 1] ?? "").toLowerCase() : "";
    if (name === "host") return host;
    const isOwn = (name === "origin" && value === origin) || (name === "referer" && value.startsWith(`${origin}/`));
    return isOwn ? `http://${host}${value.slice(origin.length)}` : value;
  });
}

/** The two headers that frame a request's body for the app; a request without one gets none. */
export function framing(request: IncomingMessage): RawHeaders {
  if (request.headers["transfer-encoding"] !== undefined) return ["Transfer-Encoding", "chunked"];
  const mayHaveBody = request.method === "POST" || request.method === "PUT" || request.method === "PATCH";
  return mayHaveBody && request.headers["content-length"] === undefined ? ["Content-Length", "0"] : [];
}

function clientAddress(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}

/**
 * Refuses what two HTTP parsers could read in two ways (request smuggling). Node's parser has already refused a body framed by both
 * Content-Length and Transfer-Encoding, and line breaks in headers.
 */
export function findAmbiguity(request: IncomingMessage): Page | null {
  if (valuesOf(request.rawHeaders, "host").length > 1)
    return malformed(400, "The request has more than one Host header.");
  if (originForm(request) === null) return malformed(400, "The request asks for another host than its Host header.");
  if (valuesOf(request.rawHeaders, "content-length").length > 1)
    return malformed(400, "The request has more than one Content-Length header.");
  const encoding = request.headers["transfer-encoding"];
  if (encoding === undefined) return null;
  if (request.headers["content-length"] !== undefined)
    return malformed(400, "The request frames its body in two ways.");
  return encoding.trim().toLowerCase() === "chunked"
    ? null
    : malformed(501, "Only the transfer encoding “chunked” is understood.");
}

/**
 * The path that an app is asked for: that of the request, also where it came with a whole address (RFC 9112, 3.2.2), which is then
 * not passed on. Null where that names another host than the Host header, by which the app was chosen.
 */
export function originForm({ url = "/", headers: { host } }: IncomingMessage): string | null {
  if (url.startsWith("/") || url === "*") return url;
  const match = /^http:\/\/([^/?#]*)([/?].*)?$/i.exec(url);
  if (match === null || match[1]?.toLowerCase() !== host?.toLowerCase()) return null;
  const path = match[2] ?? "/";
  return path.startsWith("?") ? `/${path}` : path;
}

function malformed(status: 400 | 501, text: string): Page {
  return { status, code: "bad-request", title: "This request is not well-formed", text };
}
