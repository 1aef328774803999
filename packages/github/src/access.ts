import { CloudSmithError, type Credential } from "@cloudsmith/contracts";
import type { Octokit } from "@octokit/core";
import { changeCredential, clientOf, findCredential, keepAuthorization, tokensOf } from "./credentials.ts";
import type { CredentialContext, CredentialKey } from "./credentials.ts";
import { GitHubError } from "./github-error.ts";
import { refreshTokens } from "./oauth.ts";
import { octokitFor, type CallLimits } from "./octokit.ts";

export interface GitHubContext extends CredentialContext {
  readonly limits?: CallLimits | undefined;
}

/** A token is renewed when it ends within so many milliseconds, so that a fetch does not begin with one that ends in its middle. */
const renewBeforeMs = 10 * 60_000;

export interface Access {
  readonly credential: Credential;
  readonly token: string;
}

/** The current tokens of credential records; renews those that are about to end, each once however many ask. */
export class GitHubAccess {
  readonly #context: GitHubContext;
  readonly #renewing = new Map<string, Promise<Credential>>();

  constructor(context: GitHubContext) {
    this.#context = context;
  }

  /** A record's token, good for some minutes. Throws `github-signed-out`, `github-unreachable`, `rate-limited`. */
  async of(key: CredentialKey): Promise<Access> {
    const stored = (await findCredential(this.#context.store, key)).value;
    const credential = this.#needsRenewal(stored) ? await this.#renewed(stored) : stored;
    if (credential.state !== "ready") throw signedOut(credential);
    return { credential, token: (await tokensOf(this.#context, credential)).accessToken };
  }

  /** Calls GitHub with a record's token; a token that GitHub no longer knows marks the record as signed out. */
  async call<T>(
    key: CredentialKey,
    signal: AbortSignal | undefined,
    run: (octokit: Octokit, credential: Credential) => Promise<T>,
  ): Promise<T> {
    const { credential, token } = await this.of(key);
    const { limits, now } = this.#context;
    const octokit = new (octokitFor({ server: serverOf(credential), signal, limits, now }))({ auth: token });
    try {
      return await run(octokit, credential);
    } catch (error) {
      if (error instanceof GitHubError && error.code === "github-signed-out")
        await this.#markSignedOut(credential, error);
      throw error;
    }
  }

  #needsRenewal({ state, expiresAt, renewableUntil }: Credential): boolean {
    if (state !== "ready" || expiresAt === null || renewableUntil === null) return false;
    return Date.parse(expiresAt) - this.#context.now().getTime() < renewBeforeMs;
  }

  #renewed(credential: Credential): Promise<Credential> {
    const under = this.#renewing.get(credential.id);
    if (under !== undefined) return under;
    const renewing = this.#renew(credential).finally(() => this.#renewing.delete(credential.id));
    this.#renewing.set(credential.id, renewing);
    return renewing;
  }

  async #renew({ teamId, id }: Credential): Promise<Credential> {
    const { store, limits, now } = this.#context;
    // Whoever came before may have renewed it between the caller's read and this one.
    const credential = (await findCredential(store, { teamId, id })).value;
    if (!this.#needsRenewal(credential)) return credential;
    const { refreshToken } = await tokensOf(this.#context, credential);
    if (refreshToken === null) return credential;
    try {
      const client = await clientOf(this.#context, credential);
      const authorization = await refreshTokens(client, { server: serverOf(credential), limits, now, refreshToken });
      return await keepAuthorization(this.#context, { teamId, id }, authorization);
    } catch (error) {
      return this.#afterFailedRenewal(credential, error);
    }
  }

  async #afterFailedRenewal(before: Credential, error: unknown): Promise<Credential> {
    const current = (await findCredential(this.#context.store, before)).value;
    // Another process used the refresh token up and has kept what it got.
    if (current.secrets.token !== before.secrets.token) return current;
    if (error instanceof GitHubError && error.code === "github-signed-out") {
      await this.#markSignedOut(before, error);
      throw error;
    }
    // GitHub is away: the old token may be good for some minutes yet.
    if (before.expiresAt !== null && Date.parse(before.expiresAt) > this.#context.now().getTime()) return before;
    throw error;
  }

  async #markSignedOut(seen: Credential, { message, fix }: CloudSmithError): Promise<void> {
    await changeCredential(this.#context, seen, (value) =>
      // Somebody has signed in anew since.
      value.secrets.token !== seen.secrets.token
        ? value
        : { ...value, state: "signed-out", problem: { message, fix: fix ?? "Sign in again" } },
    );
  }
}

function signedOut({ name, state, problem }: Credential): CloudSmithError {
  return new CloudSmithError("github-signed-out", `${name} is not signed in to GitHub`, {
    why: state === "waiting" ? "Nobody has finished its sign-in" : (problem?.message ?? "Its sign-in has ended"),
    fix: problem?.fix ?? "Sign in again under Settings, Accounts, or with: cloudsmith github connect",
  });
}

/** The GitHub of a record. Throws for a token of some other Git server. */
export function serverOf(credential: Credential): NonNullable<Credential["server"]> {
  if (credential.server !== null) return credential.server;
  throw new CloudSmithError("invalid-input", `${credential.name} is not an account of GitHub`, {
    fix: "Choose an account that is one",
  });
}
