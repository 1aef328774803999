import type { Identity } from "@cloudsmith/authspire";
import { CloudSmithError, newId, toCloudSmithError, toErrorBody, errorFacts } from "@cloudsmith/contracts";
import { apiVersion, contract } from "@cloudsmith/contracts/api";
import { OpenAPIHandler } from "@orpc/openapi/fastify";
import { RPCHandler } from "@orpc/server/fastify";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { AgentServices } from "../services.ts";
import { version } from "../version.ts";
import type { RequestContext } from "./base.ts";
import { LiveStreams } from "./live-streams.ts";
import { referencePage } from "./reference-page.ts";
import { router } from "./router.ts";
import { refusedOrigin, sessionCookie, sessionOf } from "./same-site.ts";
import { WakeUps } from "./wake-ups.ts";

export interface ServerOptions {
  readonly services: AgentServices;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown, correlationId?: string) => void;
}

/** The agent's HTTP server: RPC for our own clients, OpenAPI for others, sign-in of browsers. Listens on loopback only. */
export async function startServer(
  options: ServerOptions & { port: number },
): Promise<{ app: FastifyInstance; port: number }> {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 8 * 1024 * 1024, requestTimeout: 0 });
  // Both handlers of the API read the body themselves.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null, undefined));
  const wakeUps = new WakeUps();
  await options.services.bus.tail({
    topics: ["cloudsmith.source.v1", "cloudsmith.builds.v1", "cloudsmith.releases.v1", "cloudsmith.audit.v1"],
    signal: options.signal,
    onEvent: (event) => wakeUps.wake(event),
  });
  route(app, options, new LiveStreams(options.services, wakeUps));
  const port = await listen(app, options.port);
  return { app, port };
}

function route(app: FastifyInstance, options: ServerOptions, streams: LiveStreams): void {
  const { services, onError } = options;
  const rpc = new RPCHandler(router);
  const rest = new OpenAPIHandler(router);
  const contextOf = async (request: FastifyRequest): Promise<RequestContext> => ({
    services,
    streams,
    identity: await identityOf(request, services),
    correlationId: newId("event"),
    traceparent: traceOf(request),
    onError,
  });

  app.addHook("onRequest", async (request, reply) => {
    const refusal = refusedOrigin(request) ?? otherVersion(request);
    if (refusal !== undefined) return refuse(reply, refusal);
    void reply.headers({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
    });
    return undefined;
  });
  app.setErrorHandler(async (error, _request, reply) => refuse(reply, toCloudSmithError(error)));
  app.setNotFoundHandler(async (_request, reply) =>
    refuse(
      reply,
      new CloudSmithError("not-found", "There is nothing at this address", { fix: "See /api for what there is" }),
    ),
  );

  app.all("/rpc/*", async (request, reply) => {
    const { matched } = await rpc.handle(request, reply, { prefix: "/rpc", context: await contextOf(request) });
    if (!matched) reply.callNotFound();
  });
  app.get("/api/openapi.json", async () => openApi());
  app.get("/api", async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(referencePage(contract, version)),
  );
  app.all("/api/*", async (request, reply) => {
    const { matched } = await rest.handle(request, reply, { prefix: "/api", context: await contextOf(request) });
    if (!matched) reply.callNotFound();
  });
  app.get("/", async (_request, reply) => reply.redirect("/api"));
  app.get<{ Querystring: { code?: string } }>("/sign-in", async (request, reply) => {
    const device = String(request.headers["user-agent"] ?? "browser").slice(0, 120);
    const { value } = await services.credentials.redeem(request.query.code ?? "", device);
    return reply.header("set-cookie", sessionCookie(value)).redirect("/");
  });
}

function traceOf({ headers }: FastifyRequest): string | undefined {
  return typeof headers["traceparent"] === "string" ? headers["traceparent"] : undefined;
}

async function identityOf(request: FastifyRequest, services: AgentServices): Promise<Identity | undefined> {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const value = bearer ?? sessionOf(request);
  return value === undefined ? undefined : services.credentials.identify(value);
}

/** A client says which API it was made for; one of another version is told which side to update. */
function otherVersion(request: FastifyRequest): CloudSmithError | undefined {
  const theirs = request.headers["x-cloudsmith-api"];
  if (theirs === undefined || theirs === String(apiVersion)) return undefined;
  const older = Number(theirs) < apiVersion;
  return new CloudSmithError("version-mismatch", "This client and this agent do not understand each other", {
    why: `The client speaks API ${String(theirs)}, the agent ${version} speaks API ${apiVersion}`,
    fix: older
      ? "Update the client (command line or desktop)"
      : "Update the agent: stop it with `cloudsmith agent stop`, then start it again",
  });
}

function refuse(reply: FastifyReply, error: CloudSmithError): FastifyReply {
  return reply.status(errorFacts(error.code).status).send(toErrorBody(error));
}

let document: Promise<unknown> | undefined;

/** Made on first use: its generator is not needed to serve anything else. */
function openApi(): Promise<unknown> {
  document ??= (async () => {
    const { OpenAPIGenerator } = await import("@orpc/openapi");
    const { ZodToJsonSchemaConverter } = await import("@orpc/zod/zod4");
    return new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(contract, {
      info: { title: "CloudSmith", version },
      servers: [{ url: "/api" }],
      security: [{ bearer: [] }],
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
    });
  })();
  return document;
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
