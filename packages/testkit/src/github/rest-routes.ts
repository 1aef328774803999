import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { createHash } from "node:crypto";
import type { GitHubDouble } from "./github-double.ts";
import * as payloads from "./payloads.ts";
import { limitRequest } from "./faults.ts";
import type { Repository, Token } from "./world.ts";

type Query = Readonly<Record<string, string>>;
interface Call {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly token: Token;
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
}

/** The part of GitHub's REST API that CloudSmith uses. */
export function routeRest(app: FastifyInstance, double: GitHubDouble): void {
  const { world } = double;

  /** A procedure that needs a token; parameters that are not modelled fail the test. */
  const get = (path: string, known: readonly string[], answer: (call: Call) => unknown): void => {
    app.get(`/api/v3${path}`, async (request, reply) => {
      const token = tokenOf(double, request);
      if (limitRequest(double.faults, reply)) return reply;
      if (token === undefined) return reply.status(401).send(payloads.basicError("Bad credentials", 401));
      const query = queryOf(request);
      for (const name of Object.keys(query)) if (!known.includes(name)) double.unmodelled(`GET ${path}?${name}=`);
      describeToken(reply, token);
      const body = answer({ request, reply, token, query, params: paramsOf(request) });
      // Undefined, or the reply itself, where it was refused.
      return body === undefined || body === reply ? reply : sendWithEtag(double, request, reply, body);
    });
  };

  get("/user", [], ({ token }) => payloads.publicUser(double.bases, token.user));

  get("/user/repos", ["affiliation", "sort", "visibility", "per_page", "page"], (call) => {
    const { repositories, hiddenBySso } = world.visible(call.token);
    if (hiddenBySso.length > 0)
      void call.reply.header(
        "x-github-sso",
        `partial-results; organizations=${hiddenBySso.map(({ id }) => id).join(",")}`,
      );
    const found = call.query["visibility"] === "private" ? repositories.filter((each) => each.private) : repositories;
    const sorted = call.query["sort"] === "pushed" ? newestFirst(found) : found;
    return page(double, call, sorted).map((each) => payloads.repository(double.bases, each));
  });

  get("/user/orgs", ["per_page", "page"], (call) => {
    const mine = [...world.owners.values()].filter(({ members }) => members.has(call.token.user.login));
    return page(double, call, mine).map((each) => payloads.organizationSimple(double.bases, each));
  });

  get("/orgs/:org/repos", ["per_page", "page"], (call) => {
    const owner = world.owners.get(call.params["org"] ?? "");
    if (owner === undefined) return call.reply.status(404).send(payloads.basicError("Not Found", 404));
    if (owner.restrictsApps && call.token.kind === "oauth") return refuse(call.reply, restricted(owner.login));
    const found = world.visible(call.token).repositories.filter((each) => each.owner === owner);
    return page(double, call, found).map((each) => payloads.repository(double.bases, each));
  });

  get("/user/installations", ["per_page", "page"], (call) => {
    const found = world.installationsOf(call.token);
    return {
      total_count: found.length,
      installations: page(double, call, found).map((each) => payloads.installation(double.bases, each)),
    };
  });

  get("/user/installations/:id/repositories", ["per_page", "page"], (call) => {
    const found = world.installationsOf(call.token).find(({ id }) => String(id) === call.params["id"]);
    if (found === undefined) return call.reply.status(404).send(payloads.basicError("Not Found", 404));
    const visible = world.visible(call.token).repositories.filter(({ owner }) => owner === found.owner);
    return {
      total_count: visible.length,
      repositories: page(double, call, visible).map((each) => payloads.repository(double.bases, each)),
    };
  });

  get("/repositories/:repository", [], (call) => {
    const found = findRepository(double, call);
    return found === undefined ? undefined : payloads.repository(double.bases, found);
  });

  get("/repositories/:repository/branches", ["per_page", "page"], (call) => {
    const found = withContents(double, call);
    if (found === undefined) return undefined;
    const sorted = [...found.branches].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return page(double, call, sorted).map(([name, sha]) => payloads.branch(double.bases, found, name, sha));
  });

  get("/repositories/:repository/branches/:branch", [], (call) => {
    const found = withContents(double, call);
    const name = call.params["branch"] ?? "";
    const sha = found?.branches.get(name);
    if (found === undefined) return undefined;
    if (sha === undefined) return call.reply.status(404).send(payloads.basicError("Branch not found", 404));
    return payloads.branch(double.bases, found, name, sha);
  });

  get("/repositories/:repository/git/matching-refs/heads/*", ["per_page"], (call) => {
    const found = withContents(double, call);
    if (found === undefined) return undefined;
    const matching = [...found.branches].filter(([name]) => name.startsWith(call.params["*"] ?? ""));
    return matching.map(([name, sha]) => payloads.gitRef(double.bases, found, name, sha));
  });

  app.post("/api/v3/app-manifests/:code/conversions", async (request, reply) => {
    const made = double.takeManifestCode(paramsOf(request)["code"] ?? "");
    if (made === undefined) return reply.status(404).send(payloads.basicError("Not Found", 404));
    return reply.status(201).send(payloads.convertedApp(double.bases, made));
  });

  app.delete("/api/v3/applications/:client/token", async (request, reply) => {
    const [id = "", secret = ""] = Buffer.from((request.headers.authorization ?? "").replace(/^basic /i, ""), "base64")
      .toString()
      .split(":");
    const client = world.clients.get(paramsOf(request)["client"] ?? "");
    if (client === undefined || id !== client.clientId || secret !== client.clientSecret)
      return reply.status(401).send(payloads.basicError("Bad credentials", 401));
    const { access_token: value } = request.body as { access_token?: string }; // what the OpenAPI says of this call
    const token = world.tokens.get(value ?? "");
    if (token?.client !== client) return reply.status(404).send(payloads.basicError("Not Found", 404));
    world.tokens.delete(token.value);
    return reply.status(204).send();
  });
}

function tokenOf(double: GitHubDouble, { headers }: FastifyRequest): Token | undefined {
  const value = /^(?:token|bearer) (\S+)$/i.exec(headers.authorization ?? "")?.[1];
  return value === undefined ? undefined : double.liveToken(value);
}

const queryOf = (request: FastifyRequest): Query => request.query as Query; // Fastify parses it so
const paramsOf = (request: FastifyRequest): Query => request.params as Query; // the same

function describeToken(reply: FastifyReply, { kind, scopes, expiresAt }: Token): void {
  if (kind === "oauth") void reply.header("x-oauth-scopes", scopes.join(", "));
  if (kind === "fine-grained" && expiresAt !== null)
    void reply.header(
      "github-authentication-token-expiration",
      `${new Date(expiresAt).toISOString().slice(0, 19).replace("T", " ")} UTC`,
    );
}

function sendWithEtag(double: GitHubDouble, request: FastifyRequest, reply: FastifyReply, body: unknown): FastifyReply {
  const text = JSON.stringify(body);
  const etag = `W/"${createHash("sha256").update(text).digest("hex")}"`;
  void reply.header("etag", etag);
  if (request.headers["if-none-match"] === etag) {
    // What has not changed costs nothing.
    double.faults.remaining += 1;
    double.notModified += 1;
    return reply.status(304).send();
  }
  return reply.type("application/json; charset=utf-8").send(text);
}

/** One page and the `Link` header, https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function page<T>(double: GitHubDouble, { request, reply, query }: Call, all: readonly T[]): readonly T[] {
  const size = Math.min(100, Number(query["per_page"] ?? 30));
  const number = Number(query["page"] ?? 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const address = (to: number): string => {
    const url = new URL(request.url, double.bases.web);
    url.searchParams.set("page", String(to));
    return url.href;
  };
  const links = [
    ...(number > 1 ? [`<${address(number - 1)}>; rel="prev"`] : []),
    ...(number < last ? [`<${address(number + 1)}>; rel="next"`, `<${address(last)}>; rel="last"`] : []),
    ...(number > 1 ? [`<${address(1)}>; rel="first"`] : []),
  ];
  if (links.length > 0) void reply.header("link", links.join(", "));
  return all.slice((number - 1) * size, number * size);
}

function newestFirst(repositories: readonly Repository[]): Repository[] {
  return repositories.toSorted((a, b) => (b.pushedAt ?? "").localeCompare(a.pushedAt ?? ""));
}

function findRepository({ world }: GitHubDouble, { params, reply, token }: Call): Repository | undefined {
  const found = world.repositories.get(Number(params["repository"]));
  const visible = found !== undefined && (!found.private || world.visible(token).repositories.includes(found));
  if (found === undefined) {
    void reply.status(404).send(payloads.basicError("Not Found", 404));
    return undefined;
  }
  if (visible) return found;
  if (token.kind === "oauth" && token.scopes.includes("repo") && found.owner.members.has(token.user.login)) {
    if (found.owner.restrictsApps) refuse(reply, restricted(found.owner.login));
    else {
      void reply.header("x-github-sso", `required; url=${found.owner.login}`);
      refuse(
        reply,
        "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.",
      );
    }
    return undefined;
  }
  void reply.status(404).send(payloads.basicError("Not Found", 404));
  return undefined;
}

function withContents(double: GitHubDouble, call: Call): Repository | undefined {
  const found = findRepository(double, call);
  if (found === undefined || !found.private || call.token.contents) return found;
  refuse(call.reply, "Resource not accessible by personal access token");
  return undefined;
}

function refuse(reply: FastifyReply, message: string): FastifyReply {
  return reply.status(403).send(payloads.basicError(message, 403));
}

function restricted(organization: string): string {
  return `Although you appear to have the correct authorization credentials, the \`${organization}\` organization has enabled OAuth App access restrictions, meaning that data access to third-parties is limited. For more information on these restrictions, including how to enable this app, visit https://docs.github.com/articles/restricting-access-to-your-organization-s-data/`;
}
