import { CloudSmithError, errorFacts, type ErrorBody } from "@cloudsmith/contracts";
import type { FastifyInstance } from "fastify";
import type { AgentServices } from "../services.ts";
import { deviceName } from "./device-name.ts";
import { answerFor, type OnError } from "./error-answers.ts";
import { messageStyle, problemPage, sendPage } from "./message-page.ts";
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
    if (!isOwnPage(request)) return sendPage(reply, problemPage(wrongHost(request.id)), 403);
    const { code } = request.query;
    return sendPage(reply, confirmPage(typeof code === "string" ? code : ""), 200);
  });

  app.post<{ Body: unknown }>("/sign-in", async (request, reply) => {
    const code = typeof request.body === "string" ? new URLSearchParams(request.body).get("code") : null;
    try {
      if (!isOwnPage(request)) throw new CloudSmithError("forbidden", "Sign in from CloudSmith's own page");
      const { value } = await services.credentials.redeem(code ?? "", deviceName(request.headers["user-agent"]));
      return await reply.header("set-cookie", sessionCookie(value)).redirect("/", 303);
    } catch (error) {
      const body = answerFor(error, request.id, onError);
      return sendPage(reply, problemPage(body), errorFacts(body.code).status);
    }
  });
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

/** Sends itself on in a browser that shows it; a page that is only rendered ahead waits. */
function confirmPage(code: string): OwnPage {
  return ownPage({
    title: "Sign in to CloudSmith",
    style: messageStyle,
    body: `<main><h1>Sign in to CloudSmith</h1><p>This browser gets a session on this computer.</p><form method="post" action="/sign-in"><input type="hidden" name="code" value="${escapeHtml(code)}"><button>Sign in</button></form></main>`,
    script: `const go=()=>document.forms[0].submit();if(document.prerendering)document.addEventListener("prerenderingchange",go,{once:true});else go()`,
  });
}
