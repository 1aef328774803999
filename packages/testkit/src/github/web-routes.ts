import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { createHash, generateKeyPairSync } from "node:crypto";
import type { GitHubDouble } from "./github-double.ts";
import { nextId, random, type App, type OAuthClient, type Token } from "./world.ts";

interface Grant {
  readonly client: OAuthClient;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly scopes: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly redirect_url: string;
  readonly callback_urls: readonly string[];
  readonly setup_url?: string;
  readonly default_permissions: Readonly<Record<string, string>>;
}

/** GitHub's pages that a person meets while signing in: each has one button. */
export function routeWeb(app: FastifyInstance, double: GitHubDouble): void {
  const { world } = double;
  const pending = new Map<string, { manifest: Manifest; state: string; owner: string }>();
  const grants = new Map<string, Grant>();
  const asked = new Map<string, Grant & { state: string }>();

  const newApp = async (request: FastifyRequest, reply: FastifyReply, owner: string): Promise<FastifyReply> => {
    const { state = "" } = queryOf(request);
    const manifest = JSON.parse(bodyOf(request)["manifest"] ?? "{}") as Manifest; // checked by what follows
    for (const field of ["name", "redirect_url", "callback_urls", "default_permissions", "url"])
      if (!(field in manifest))
        return reply.status(422).type("text/html").send(`Invalid GitHub App configuration: ${field}`);
    if (manifest.callback_urls.length > 10) return reply.status(422).send("No more than 10 callback URLs");
    const id = random();
    pending.set(id, { manifest, state, owner });
    return showButton(reply, `/double/apps/${id}`, `Create GitHub App for ${owner}`, `Register ${manifest.name}`);
  };
  app.post("/settings/apps/new", (request, reply) => newApp(request, reply, double.person));
  app.post("/organizations/:org/settings/apps/new", (request, reply) =>
    newApp(request, reply, paramsOf(request)["org"] ?? ""),
  );

  app.post("/double/apps/:id", async (request, reply) => {
    const made = pending.get(paramsOf(request)["id"] ?? "");
    if (made === undefined) return reply.status(404).send();
    const code = double.keepApp(registered(double, made.manifest, made.owner));
    const back = new URL(made.manifest.redirect_url);
    back.searchParams.set("code", code);
    back.searchParams.set("state", made.state);
    return reply.redirect(back.href, 302);
  });

  app.get("/login/oauth/authorize", async (request, reply) => {
    const query = queryOf(request);
    const client = world.clients.get(query["client_id"] ?? "");
    const redirectUri = query["redirect_uri"] ?? "";
    if (client === undefined) return reply.status(404).type("text/html").send("404");
    if (!client.callbackUrls.some((known) => takesRedirect(known, redirectUri)))
      return reply
        .status(400)
        .type("text/html")
        .send("Be careful! The redirect_uri is not associated with this application.");
    if ((query["state"] ?? "").length < 20) double.unmodelled("an authorization without a state");
    if (query["code_challenge_method"] !== "S256" || (query["code_challenge"] ?? "").length < 43)
      double.unmodelled("an authorization without PKCE (S256)");
    const id = random();
    const scopes = (query["scope"] ?? "").split(/[ ,]+/).filter(Boolean);
    asked.set(id, {
      client,
      redirectUri,
      challenge: query["code_challenge"] ?? "",
      scopes,
      state: query["state"] ?? "",
    });
    return showButton(reply, `/double/authorize/${id}`, "Authorize", `Sign in with ${client.clientId}`, "Cancel");
  });

  app.post("/double/authorize/:id", async (request, reply) => {
    const grant = asked.get(paramsOf(request)["id"] ?? "");
    if (grant === undefined) return reply.status(404).send();
    const back = new URL(grant.redirectUri);
    if (bodyOf(request)["cancel"] !== undefined) back.searchParams.set("error", "access_denied");
    else {
      const code = random(10);
      grants.set(code, grant);
      back.searchParams.set("code", code);
    }
    back.searchParams.set("state", grant.state);
    return reply.redirect(back.href, 302);
  });

  app.post("/login/oauth/access_token", async (request, reply) => {
    const body = request.body as Record<string, string | undefined>; // JSON, as Octokit sends it
    const client = world.clients.get(body["client_id"] ?? "");
    const refusal = (error: string, description: string) =>
      reply.send({ error, error_description: description, error_uri: "https://docs.github.com" });
    if (client === undefined || client.clientSecret !== body["client_secret"])
      return refusal("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.");
    if (body["grant_type"] === "refresh_token") {
      const old = [...world.tokens.values()].find(
        (each) => each.client === client && each.refreshToken === body["refresh_token"],
      );
      double.refreshes += 1;
      if (old === undefined) return refusal("bad_refresh_token", "The refresh token passed is incorrect or expired.");
      world.tokens.delete(old.value);
      return reply.send(answerOf(double.issue(client, old.scopes), double));
    }
    const grant = grants.get(body["code"] ?? "");
    grants.delete(body["code"] ?? "");
    if (grant === undefined || grant.client !== client)
      return refusal("bad_verification_code", "The code passed is incorrect or expired.");
    if (grant.redirectUri !== body["redirect_uri"])
      return refusal(
        "redirect_uri_mismatch",
        "The redirect_uri MUST match the registered callback URL for this application.",
      );
    if (
      createHash("sha256")
        .update(body["code_verifier"] ?? "")
        .digest("base64url") !== grant.challenge
    )
      return refusal("bad_verification_code", "The code_verifier does not match the code_challenge.");
    return reply.send(answerOf(double.issue(client, grant.scopes), double));
  });

  // Browsers ask for it by themselves.
  app.get("/favicon.ico", async (_, reply) => reply.status(204).send());

  app.get("/apps/:slug/installations/new", async (request, reply) => {
    const { slug = "" } = paramsOf(request);
    const { state = "" } = queryOf(request);
    return showButton(
      reply,
      `/double/install/${slug}?state=${encodeURIComponent(state)}`,
      "Install",
      `Install ${slug}`,
    );
  });

  app.post("/double/install/:slug", async (request, reply) => {
    const made = world.apps.get(paramsOf(request)["slug"] ?? "");
    if (made === undefined) return reply.status(404).send();
    const id = double.install(made.slug, double.person);
    if (made.setupUrl === null) return reply.type("text/html").send("Installed");
    const back = new URL(made.setupUrl);
    back.searchParams.set("installation_id", String(id));
    back.searchParams.set("setup_action", "install");
    back.searchParams.set("state", queryOf(request)["state"] ?? "");
    return reply.redirect(back.href, 302);
  });
}

/** A loopback address is taken with any port, https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#loopback-redirect-urls */
function takesRedirect(known: string, asked: string): boolean {
  const [a, b] = [URL.parse(known), URL.parse(asked)];
  if (a === null || b === null || a.pathname !== b.pathname) return false;
  return a.origin === b.origin || (a.hostname === "127.0.0.1" && b.hostname === "127.0.0.1" && a.port === "");
}

function registered(double: GitHubDouble, manifest: Manifest, owner: string): App {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  return {
    id: nextId(),
    slug: manifest.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
    name: manifest.name,
    owner: double.world.owner(owner),
    client: {
      type: "app",
      clientId: `Iv23li${random(7)}`,
      clientSecret: random(20),
      callbackUrls: manifest.callback_urls,
    },
    setupUrl: manifest.setup_url ?? null,
    permissions: manifest.default_permissions,
    pem: privateKey,
    webhookSecret: random(20),
  };
}

function answerOf(token: Token, { now }: GitHubDouble): Record<string, unknown> {
  const base = { access_token: token.value, token_type: "bearer", scope: token.scopes.join(",") };
  if (token.expiresAt === null) return base;
  return {
    ...base,
    expires_in: Math.round((token.expiresAt - now()) / 1000),
    refresh_token: token.refreshToken,
    refresh_token_expires_in: 15_897_600,
  };
}

function showButton(reply: FastifyReply, action: string, button: string, title: string, cancel?: string): FastifyReply {
  const second = cancel === undefined ? "" : `<button name="cancel" value="1">${cancel}</button>`;
  return reply
    .type("text/html; charset=utf-8")
    .send(
      `<!doctype html><html lang="en"><title>${title}</title><main><h1>${title}</h1><form method="post" action="${action}"><button>${button}</button>${second}</form></main></html>`,
    );
}

const queryOf = (request: FastifyRequest): Record<string, string | undefined> =>
  request.query as Record<string, string>; // Fastify parses it so
const paramsOf = (request: FastifyRequest): Record<string, string | undefined> =>
  request.params as Record<string, string>; // the same
const bodyOf = (request: FastifyRequest): Record<string, string | undefined> =>
  Object.fromEntries(new URLSearchParams(typeof request.body === "string" ? request.body : ""));
