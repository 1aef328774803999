import { CloudSmithError } from "@cloudsmith/contracts";
import type { FastifyRequest } from "fastify";

/** The one host of the user interface. Apps live on other hosts, so that our cookie never reaches them: cookies ignore ports. */
export const uiHost = "cloudsmith.localhost";
const programHosts = new Set(["127.0.0.1", "localhost", "[::1]"]);
const cookieName = "cloudsmith_session";

/** The host that a request asked for, without its port. */
function hostOf(request: FastifyRequest): string {
  return (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
}

/** Whether a request asked for the user interface's host. */
export function isUiHost(request: FastifyRequest): boolean {
  return hostOf(request) === uiHost;
}

/**
 * Why a request is refused before anything reads it: a Host that is not ours (DNS rebinding), or a page of another origin that
 * sent it. Undefined lets it in. A link from elsewhere may lead to our pages; nothing else may come from elsewhere.
 */
export function refusedOrigin(request: FastifyRequest): CloudSmithError | undefined {
  const { host = "", origin } = request.headers;
  const name = hostOf(request);
  if (name !== uiHost && !programHosts.has(name)) {
    return new CloudSmithError("forbidden", "This address is not CloudSmith's", {
      why: `The request asked for the host ${name === "" ? "(none)" : name}`,
      fix: `Use http://${uiHost}`,
    });
  }
  const site = request.headers["sec-fetch-site"];
  const ownPage = site === undefined || site === "same-origin" || site === "none";
  const navigates = request.headers["sec-fetch-mode"] === "navigate" && request.method === "GET";
  if ((origin !== undefined && origin !== `http://${host}`) || (!ownPage && !navigates)) {
    return new CloudSmithError("forbidden", "Another site tried to use CloudSmith", {
      why: `The request came from ${origin ?? "another site"}`,
    });
  }
  return undefined;
}

/** Whether a request goes to the user interface's host and, where it changes something, comes from one of its own pages. */
export function isOwnPage(request: FastifyRequest): boolean {
  if (!isUiHost(request)) return false;
  const reads = request.method === "GET" || request.method === "HEAD";
  return reads || request.headers.origin === `http://${request.headers.host}`;
}

/** The session of a browser; only on the user interface's host, and for anything but reading only from its own pages. */
export function sessionOf(request: FastifyRequest): string | undefined {
  if (!isOwnPage(request)) return undefined;
  return request.headers.cookie
    ?.split(/;\s*/)
    .find((part) => part.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1);
}

/** A cookie without `Domain`, so that it stays on this one host, and without an end: the session itself ends when it is not used. */
export function sessionCookie(value: string): string {
  return `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict`;
}

/** Takes the cookie of an ended session away. */
export const endedCookie = `${sessionCookie("")}; Max-Age=0`;
