import { CloudSmithError } from "@cloudsmith/contracts";
import type { FastifyRequest } from "fastify";

/** The one host of the user interface. Apps live on other hosts, so that our cookie never reaches them: cookies ignore ports. */
export const uiHost = "cloudsmith.localhost";
const programHosts = new Set(["127.0.0.1", "localhost", "[::1]"]);
const cookieName = "cloudsmith_session";

/**
 * Why a request is refused before anything reads it: a Host that is not ours (DNS rebinding), an Origin of another site, or a
 * cookie on another host than the user interface's. Undefined lets it in.
 */
export function refusedOrigin(request: FastifyRequest): CloudSmithError | undefined {
  const { host = "", origin } = request.headers;
  const name = host.replace(/:\d+$/, "");
  if (name !== uiHost && !programHosts.has(name)) {
    return new CloudSmithError("forbidden", "This address is not CloudSmith's", {
      why: `The request asked for the host ${name}`,
      fix: `Use http://${uiHost}`,
    });
  }
  const ours = origin === undefined || origin === `http://${host}`;
  const site = request.headers["sec-fetch-site"];
  const navigates = request.headers["sec-fetch-mode"] === "navigate" && request.method === "GET";
  if (!ours || (site === "cross-site" && !navigates)) {
    return new CloudSmithError("forbidden", "Another site tried to use CloudSmith", {
      why: `The request came from ${origin ?? "another site"}`,
    });
  }
  return undefined;
}

/** The session of a browser; only on the user interface's host, and for anything but reading only from its own pages. */
export function sessionOf(request: FastifyRequest): string | undefined {
  const { host = "", origin, cookie } = request.headers;
  if (host.replace(/:\d+$/, "") !== uiHost) return undefined;
  const reads = request.method === "GET" || request.method === "HEAD";
  if (!reads && origin !== `http://${host}`) return undefined;
  return cookie
    ?.split(/;\s*/)
    .find((part) => part.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1);
}

export function sessionCookie(value: string): string {
  return `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict`;
}
