import type { Identity } from "@cloudsmith/authspire";
import { CloudSmithError, newId, topics } from "@cloudsmith/contracts";
import { apiVersion, contract } from "@cloudsmith/contracts/api";
import { OpenAPIHandler } from "@orpc/openapi/fastify";
import { RPCHandler } from "@orpc/server/fastify";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { AgentServices } from "../services.ts";
import { version } from "../version.ts";
import type { RequestContext } from "./base.ts";
import { nothingHere, refuse, toOrpcError, type OnError } from "./error-answers.ts";
import { routeLaunchboard } from "./launchboard.ts";
import { routeGitHub } from "./github-callback.ts";
import { LiveStreams } from "./live-streams.ts";
import { routeLogFiles } from "./log-files.ts";
import { openApiDocument } from "./open-api.ts";
import { referencePage } from "./reference-page.ts";
import { router } from "./router.ts";
import { endedCookie, refusedOrigin, sessionCookie, sessionOf } from "./same-site.ts";
import { routeSignIn } from "./sign-in.ts";
import { WakeUps } from "./wake-ups.ts";

export interface ServerOptions {
  readonly services: AgentServices;
  readonly signal: AbortSignal;
  readonly onError: OnError;
}

/** The most that a request may carry, in bytes. */
const bodyLimit = 8 * 1024 * 1024;
/** Headers of a request, in bytes; the place of a live stream with many subscriptions comes in one. */
const maxHeaderSize = 64 * 1024;

/** The agent's HTTP server: RPC for our own clients, OpenAPI for others, sign-in of browsers. Listens on loopback only. */
export async function startServer(
  options: ServerOptions & { port: number },
): Promise<{ app: FastifyInstance; port: number }> {
  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit,
    requestTimeout: 0,
    http: { maxHeaderSize },
    genReqId: () => newId("event"),
  });
  const wakeUps = new WakeUps();
  await options.services.bus.tail({
    topics: topics.filter((topic) => topic !== "cloudsmith.logs.v1"),
    signal: options.signal,
    onEvent: (event) => wakeUps.wake(event),
  });
  parseBodies(app);
  guard(app, options.onError);
  route(app, options, new LiveStreams(options.services, wakeUps));
  routeSignIn(app, options.services, options.onError);
  routeLaunchboard(app);
  routeGitHub(app, options.services, options.onError);
  const port = await listen(app, options.port);
  return { app, port };
}

/** JSON and nothing else, which also keeps forms of other sites out. */
function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, body === "" ? {} : JSON.parse(String(body)));
    } catch (error) {
      done(
        new CloudSmithError("invalid-input", "The request is not valid JSON", {
          why: error instanceof Error ? error.message : undefined,
          fix: "Correct it and try again",
        }),
      );
    }
  });
}

function guard(app: FastifyInstance, onError: OnError): void {
  app.addHook("onRequest", async (request, reply) => {
    void reply.headers({
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      // Not `no-referrer`: with it a browser sends `Origin: null` with our own forms.
      "referrer-policy": "same-origin",
      "x-frame-options": "DENY",
      "x-correlation-id": request.id,
    });
    const refusal = refusedOrigin(request) ?? otherVersion(request);
    return refusal === undefined ? undefined : refuse(request, reply, refusal, onError);
  });
  app.setErrorHandler(async (error, request, reply) => refuse(request, reply, error, onError));
  app.setNotFoundHandler(async (request, reply) => refuse(request, reply, nothingHere(), onError));
}

function route(app: FastifyInstance, { services, onError }: ServerOptions, streams: LiveStreams): void {
  const contextOf = async (request: FastifyRequest, reply: FastifyReply): Promise<RequestContext> => ({
    services,
    streams,
    identity: await identityOf(request, reply, services),
    isLoopback: isLoopback(request.socket.remoteAddress),
    correlationId: request.id,
    traceparent: traceOf(request),
    onError,
  });
  const typed = async <T>({ context, next }: { context: RequestContext; next: () => Promise<T> }): Promise<T> => {
    try {
      return await next();
    } catch (error) {
      throw toOrpcError(error, context.correlationId, onError);
    }
  };
  const rpc = new RPCHandler(router, { clientInterceptors: [typed], interceptors: [typed] });
  const rest = new OpenAPIHandler(router, {
    clientInterceptors: [typed],
    interceptors: [typed],
    customErrorResponseBodyEncoder: (error) => error.data,
  });

  app.all("/rpc/*", async (request, reply) => {
    const { matched } = await rpc.handle(request, reply, { prefix: "/rpc", context: await contextOf(request, reply) });
    if (!matched) reply.callNotFound();
  });
  app.get("/api/openapi.json", () => openApiDocument());
  app.get("/api", async (_request, reply) => {
    const page = referencePage(contract, version);
    return reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", page.contentSecurityPolicy)
      .send(page.html);
  });
  routeLogFiles(app, contextOf);
  app.all("/api/*", async (request, reply) => {
    const { matched } = await rest.handle(request, reply, { prefix: "/api", context: await contextOf(request, reply) });
    if (!matched) reply.callNotFound();
  });
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}

/** https://www.w3.org/TR/trace-context/#traceparent-header; anything else is not passed on. */
function traceOf({ headers: { traceparent } }: FastifyRequest): string | undefined {
  return typeof traceparent === "string" && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent)
    ? traceparent
    : undefined;
}

/** Who asks. A browser is given its session's new value, and lets go of a session that has ended. */
async function identityOf(
  request: FastifyRequest,
  reply: FastifyReply,
  services: AgentServices,
): Promise<Identity | undefined> {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (bearer !== undefined) return services.credentials.identify(bearer);
  const session = sessionOf(request);
  if (session === undefined) return undefined;
  const identity = await services.credentials.identify(session);
  if (identity === undefined) void reply.header("set-cookie", endedCookie);
  if (identity?.renewed !== undefined) void reply.header("set-cookie", sessionCookie(identity.renewed));
  return identity;
}

/** A client says which API it was made for; one of another version is told which side to update. */
function otherVersion(request: FastifyRequest): CloudSmithError | undefined {
  const theirs = request.headers["x-cloudsmith-api"];
  if (theirs === undefined || theirs === String(apiVersion)) return undefined;
  const newer = Number(theirs) > apiVersion;
  return new CloudSmithError("version-mismatch", "This client and this agent do not understand each other", {
    why: `The client speaks API ${String(theirs).slice(0, 20)}, the agent ${version} speaks API ${apiVersion}`,
    fix: newer
      ? "Update the agent: stop it with `cloudsmith agent stop`, then start it again"
      : "Update the client (command line or desktop)",
  });
}

/** The wanted port, or the next free one after it. */
async function listen(app: FastifyInstance, wanted: number): Promise<number> {
  for (let port = wanted; ; port++) {
    try {
      await app.listen({ host: "127.0.0.1", port });
      const address = app.server.address();
      return typeof address === "object" && address !== null ? address.port : port;
    } catch (error) {
      const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!taken || wanted === 0 || port - wanted > 50) throw error;
    }
  }
}
