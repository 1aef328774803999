import { OAuthApp } from "@octokit/oauth-app";
import { createHash, randomBytes } from "node:crypto";
import * as z from "zod";
import { GitHubError } from "./github-error.ts";
import { notGitHub, octokitFor, type ClientOptions } from "./octokit.ts";

/** What a GitHub App or OAuth client signs in with. */
export interface OAuthClient {
  readonly type: "github-app" | "oauth-app";
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a sign-in gives; kept as JSON in the secret store. */
export const TokenSet = z.object({ accessToken: z.string(), refreshToken: z.string().nullable() });
export type TokenSet = z.infer<typeof TokenSet>;

export interface Authorization {
  readonly tokens: TokenSet;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
  readonly renewableUntil: string | null;
}

/** A verifier of 256 random bits and its S256 challenge, https://www.rfc-editor.org/rfc/rfc7636. */
export function newPkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** The page of GitHub where a person signs in with a client. */
export function authorizeUrl(
  client: OAuthClient,
  options: ClientOptions & { state: string; challenge: string; redirectUrl: string; scopes: readonly string[] },
): string {
  const base = { state: options.state, redirectUrl: options.redirectUrl, allowSignup: false };
  const { url } =
    client.type === "github-app"
      ? gitHubApp(client, options).getWebFlowAuthorizationUrl(base)
      : oauthApp(client, options).getWebFlowAuthorizationUrl({ ...base, scopes: [...options.scopes] });
  const address = new URL(url);
  address.searchParams.set("code_challenge", options.challenge);
  address.searchParams.set("code_challenge_method", "S256");
  return address.href;
}

/** Trades the code that GitHub sent along for tokens. Throws `github-refused` where GitHub does not take the code. */
export async function exchangeCode(
  client: OAuthClient,
  options: ClientOptions & { code: string; verifier: string; redirectUrl: string },
): Promise<Authorization> {
  const answer = { code: options.code, redirectUrl: options.redirectUrl };
  const proof = { code_verifier: options.verifier };
  return refusable("GitHub did not take the sign-in", options, () =>
    client.type === "github-app"
      ? gitHubApp(client, options, proof).createToken(answer)
      : oauthApp(client, options, proof).createToken(answer),
  );
}

/** New tokens for a refresh token, which is used up by it. Throws `github-signed-out` where it has ended. */
export async function refreshTokens(
  client: OAuthClient,
  options: ClientOptions & { refreshToken: string },
): Promise<Authorization> {
  return refusable("GitHub did not renew the sign-in", options, () =>
    gitHubApp(client, options).refreshToken({ refreshToken: options.refreshToken }),
  );
}

/** Ends a token at GitHub; one that has ended already is fine. */
export async function revokeToken(client: OAuthClient, options: ClientOptions & { token: string }): Promise<void> {
  try {
    const { token } = options;
    if (client.type === "github-app") await gitHubApp(client, options).deleteToken({ token });
    else await oauthApp(client, options).deleteToken({ token });
  } catch (error) {
    if (error instanceof GitHubError && (error.status === 404 || error.status === 422)) return;
    throw error;
  }
}

function gitHubApp({ clientId, clientSecret }: OAuthClient, options: ClientOptions, extra: Proof = {}) {
  return new OAuthApp({ clientType: "github-app", clientId, clientSecret, Octokit: octokitWith(options, extra) });
}

function oauthApp({ clientId, clientSecret }: OAuthClient, options: ClientOptions, extra: Proof = {}) {
  return new OAuthApp({ clientType: "oauth-app", clientId, clientSecret, Octokit: octokitWith(options, extra) });
}

interface Proof {
  readonly code_verifier?: string;
}

/** Sends the verifier along with the code: Octokit does not know PKCE. */
function octokitWith(options: ClientOptions, extra: Proof) {
  return octokitFor(options).plugin((octokit) => {
    octokit.hook.before("request", (endpoint) => {
      if (endpoint.url === "/login/oauth/access_token") Object.assign(endpoint, extra);
    });
  });
}

/** GitHub answers a refused code with 200 and an `error`, which Octokit throws; https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors */
async function refusable(
  message: string,
  options: ClientOptions,
  call: () => Promise<unknown>,
): Promise<Authorization> {
  try {
    return authorizationOf(await call());
  } catch (error) {
    const said = z
      .object({
        response: z.object({ data: z.object({ error: z.string(), error_description: z.string().optional() }) }),
      })
      .safeParse(error);
    if (!said.success) throw error instanceof GitHubError || isAbort(error) ? error : notGitHub(options.server);
    const { error: code, error_description: why = code } = said.data.response.data;
    throw code === "bad_refresh_token"
      ? new GitHubError("github-signed-out", message, {
          why: "The sign-in has ended: it was not used for too long, or revoked at GitHub",
          fix: "Sign in again under Settings, Accounts, or with: cloudsmith github connect",
        })
      : new GitHubError("github-refused", message, {
          why: why.slice(0, 300),
          fix: "Begin the sign-in again; for a pasted OAuth client check its secret and that its callback address is http://127.0.0.1/callback",
        });
  }
}

const Answer = z.object({
  authentication: z.object({
    token: z.string(),
    scopes: z.array(z.string()).default([]),
    refreshToken: z.string().optional(),
    expiresAt: z.iso.datetime().optional(),
    refreshTokenExpiresAt: z.iso.datetime().optional(),
  }),
});

function authorizationOf(answer: unknown): Authorization {
  const { token, scopes, refreshToken, expiresAt, refreshTokenExpiresAt } = Answer.parse(answer).authentication;
  return {
    tokens: { accessToken: token, refreshToken: refreshToken ?? null },
    scopes,
    expiresAt: expiresAt ?? null,
    renewableUntil: refreshTokenExpiresAt ?? null,
  };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
