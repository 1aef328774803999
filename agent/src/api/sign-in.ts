import { CloudSmithError, errorFacts, type ErrorBody } from "@cloudsmith/contracts";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { AgentServices } from "../services.ts";
import { answerFor, type OnError } from "./error-answers.ts";
import { escapeHtml, ownPage, type OwnPage } from "./pages.ts";
import { isOwnPage, sessionCookie, uiHost } from "./same-site.ts";

/**
 * Signing a browser in. The link only shows a page; that page sends the code on, so that whatever fetches links ahead of a person (previews,
 * scanners, prefetch) does not use the code up. See docs/decisions on sign-in.
 */
export function routeSignIn(app: FastifyInstance, services: AgentServices, onError: OnError): void {
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: 2000 },
    (_, body, done) => done(null, body),
  );

  app.get<{ Querystring: { code?: unknown } }>("/sign-in", async (request, reply) => {
    if (!isOwnPage(request)) return send(reply, problemPage(wrongHost(request.id)), 403);
    const { code } = request.query;
    return send(reply, confirmPage(typeof code === "string" ? code : ""), 200);
  });

  app.post<{ Body: unknown }>("/sign-in", async (request, reply) => {
    const code = typeof request.body === "string" ? new URLSearchParams(request.body).get("code") : null;
    try {
      if (!isOwnPage(request)) throw new CloudSmithError("forbidden", "Sign in from CloudSmith's own page");
      const { value } = await services.credentials.redeem(code ?? "", deviceOf(request.headers["user-agent"]));
      return await reply.header("set-cookie", sessionCookie(value)).redirect("/", 303);
    } catch (error) {
      const body = answerFor(error, request.id, onError);
      return send(reply, problemPage(body), errorFacts(body.code).status);
    }
  });
}

function deviceOf(userAgent: string | undefined): string {
  return (userAgent ?? "a browser").slice(0, 120);
}

function wrongHost(correlationId: string): ErrorBody {
  return {
    code: "forbidden",
    message: "This is not the address to sign in at",
    cause: "A browser's session belongs to one host, which no app shares",
    fix: `Open the link with http://${uiHost}`,
    correlationId,
  };
}

function send(reply: FastifyReply, page: OwnPage, status: number): FastifyReply {
  return reply
    .status(status)
    .type("text/html; charset=utf-8")
    .header("content-security-policy", page.contentSecurityPolicy)
    .header("cache-control", "no-store")
    .send(page.html);
}

/** Sends itself on in a browser that shows it; a page that is only rendered ahead waits. */
function confirmPage(code: string): OwnPage {
  return ownPage({
    title: "Sign in to CloudSmith",
    style,
    body: `<main><h1>Sign in to CloudSmith</h1><p>This browser gets a session on this computer.</p><form method="post" action="/sign-in"><input type="hidden" name="code" value="${escapeHtml(code)}"><button>Sign in</button></form></main>`,
    script: `const go=()=>document.forms[0].submit();if(document.prerendering)document.addEventListener("prerenderingchange",go,{once:true});else go()`,
  });
}

/** What went wrong, why, and what to do. */
function problemPage({ message, cause, fix, correlationId }: ErrorBody): OwnPage {
  const line = (text: string | undefined): string => (text === undefined ? "" : `<p>${escapeHtml(text)}</p>`);
  return ownPage({
    title: message,
    style,
    body: `<main><h1>${escapeHtml(message)}</h1>${line(cause)}${line(fix)}<small>${escapeHtml(correlationId ?? "")}</small></main>`,
  });
}

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}main{max-width:480px;margin:18vh auto;padding:0 24px}h1{font-size:22px;margin:0 0 12px}button{font:inherit;padding:8px 20px;border-radius:6px;border:1px solid currentColor;background:none;color:inherit;cursor:pointer}small{opacity:.6}`;
