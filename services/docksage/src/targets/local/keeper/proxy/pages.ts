import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** What the keeper answers itself when no app can. */
export interface Page {
  readonly status: 400 | 404 | 500 | 501 | 502 | 503;
  readonly code: string;
  readonly title: string;
  readonly text: string;
  readonly retryAfterSeconds?: number;
}

export const pages = {
  unknownHost: {
    status: 404,
    code: "unknown-host",
    title: "No app has this address",
    text: "Look up the address of your app with “cloudsmith ls”.",
  },
  nothingDeployed: {
    status: 503,
    code: "nothing-deployed",
    title: "Nothing is deployed here yet",
    text: "This address belongs to an app that has no live deployment.",
    retryAfterSeconds: 5,
  },
  deploying: {
    status: 503,
    code: "deploying",
    title: "The first deployment is on its way",
    text: "This page answers as soon as the app is live.",
    retryAfterSeconds: 2,
  },
  stopped: {
    status: 503,
    code: "stopped",
    title: "This app is stopped",
    text: "Start it again with “cloudsmith start”.",
    retryAfterSeconds: 30,
  },
  starting: {
    status: 503,
    code: "starting",
    title: "The app is starting",
    text: "It does not answer yet. Try again in a moment.",
    retryAfterSeconds: 2,
  },
  crashed: {
    status: 502,
    code: "crashed",
    title: "The app has crashed",
    text: "It is being restarted. “cloudsmith logs” shows why it ended.",
    retryAfterSeconds: 5,
  },
  broken: {
    status: 502,
    code: "bad-gateway",
    title: "The app broke off the request",
    text: "It closed the connection before it had answered.",
  },
} satisfies Record<string, Page>;

/** Writes a page as HTML or JSON, whichever the client prefers. */
export function sendPage(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const { body, headers } = render(request, page);
  response.writeHead(page.status, headers);
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Writes a page to the raw socket of a refused upgrade and closes it. */
export function sendPageToSocket(request: IncomingMessage, socket: Duplex, page: Page): void {
  const { body, headers } = render(request, page);
  const lines = Object.entries({ ...headers, connection: "close" }).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${page.status} ${page.title}\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
}

function render(request: IncomingMessage, page: Page): { body: string; headers: Record<string, string | number> } {
  const wantsHtml = /text\/html/.test(request.headers.accept ?? "");
  const body = wantsHtml
    ? toHtml(page)
    : `${JSON.stringify({ code: page.code, message: page.title, fix: page.text })}\n`;
  return {
    body,
    headers: {
      "content-type": wantsHtml ? "text/html; charset=utf-8" : "application/json",
      "content-length": Buffer.byteLength(body),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      vary: "accept",
      ...(page.retryAfterSeconds !== undefined && { "retry-after": page.retryAfterSeconds }),
    },
  };
}

/** Pages are made of the constant texts above, so nothing needs escaping. */
function toHtml(page: Page): string {
  const refresh =
    page.status === 503 && page.retryAfterSeconds !== undefined
      ? `<meta http-equiv="refresh" content="${page.retryAfterSeconds}">`
      : "";
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${refresh}<title>${page.title}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}h1{font-size:1.25rem}small{opacity:.65}</style></head>
<body><h1>${page.title}</h1><p>${page.text}</p><small>${page.status} ${page.code} · CloudSmith</small></body></html>\n`;
}
