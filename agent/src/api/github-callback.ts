import { callbackPath, installedPath } from "@cloudsmith/authspire";
import { errorFacts, type CloudSmithError } from "@cloudsmith/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod";
import type { AgentServices } from "../services.ts";
import { answerFor, type OnError } from "./error-answers.ts";
import { messagePage, messageStyle, problemPage, sendPage } from "./message-page.ts";
import { escapeHtml, ownPage } from "./pages.ts";

/** Everything that may come in an address; what has another shape is as if it were not there. */
const Query = z.object({
  state: z.string().max(500).optional().catch(undefined),
  code: z.string().max(500).optional().catch(undefined),
  error: z.string().max(200).optional().catch(undefined),
});
/** See `ReturnTo` of the contract. */
const OwnPath = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[^\s\\]*$/);

/**
 * The pages around GitHub's own: the form that takes an app's manifest there, and where GitHub comes back to. They are on 127.0.0.1, where no cookie of ours is
 * ever sent; what they may do hangs on the `state` alone, which only the browser that began and GitHub know.
 */
export function routeGitHub(app: FastifyInstance, services: AgentServices, onError: OnError): void {
  const failing =
    (run: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      try {
        return await run(request, reply);
      } catch (error) {
        const body = answerFor(error, request.id, onError);
        return sendPage(
          reply,
          problemPage(body, `${services.info().url}/settings/accounts`),
          errorFacts(body.code).status,
        );
      }
    };

  app.get(
    "/connect/github",
    failing(async (request, reply) => {
      const { action, manifest } = await services.github.signIn.manifestForm(Query.parse(request.query).state ?? "");
      return sendPage(reply, manifestPage(action, manifest), 200);
    }),
  );

  app.get(
    callbackPath,
    failing(async (request, reply) => {
      const { state = "", code, error } = Query.parse(request.query);
      const answered = await services.github.signIn.answer({ state, code, error });
      if ("failed" in answered) return fail(reply, request, answered.failed, answered.flow.returnTo);
      const { flow, next } = answered;
      if (next.type === "go-on") return reply.redirect(next.url, 303);
      return comeBack(reply, flow.returnTo);
    }),
  );

  app.get(
    installedPath,
    failing(async (request, reply) => {
      // What GitHub says was installed is not trusted: the pages ask for it themselves.
      const path = OwnPath.safeParse(Query.parse(request.query).state);
      return comeBack(reply, path.success ? path.data : null);
    }),
  );

  const comeBack = (reply: FastifyReply, returnTo: string | null): FastifyReply =>
    returnTo === null
      ? sendPage(reply, messagePage("Signed in to GitHub", ["You can close this page and go back to CloudSmith."]), 200)
      : reply.redirect(`${services.info().url}${returnTo}`, 303);

  const fail = (
    reply: FastifyReply,
    request: FastifyRequest,
    error: CloudSmithError,
    returnTo: string | null,
  ): FastifyReply => {
    const body = answerFor(error, request.id, onError);
    return sendPage(
      reply,
      problemPage(body, `${services.info().url}${returnTo ?? "/settings/accounts"}`),
      errorFacts(body.code).status,
    );
  };
}

/** Sends itself on to GitHub; without scripts there is a button. */
function manifestPage(action: string, manifest: string) {
  return ownPage({
    title: "Create your GitHub App",
    style: messageStyle,
    body: `<main><h1>Create your GitHub App</h1><p>GitHub shows what it may read: the files of the repositories that you choose. It belongs to you alone.</p><form method="post" action="${escapeHtml(action)}"><input type="hidden" name="manifest" value="${escapeHtml(manifest)}"><button>Go on to GitHub</button></form></main>`,
    script: `document.forms[0].submit()`,
    formAction: new URL(action).origin,
  });
}
