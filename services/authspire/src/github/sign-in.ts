import { CloudSmithError, newId, toCloudSmithError } from "@cloudsmith/contracts";
import type { Actor, Credential, GitHubServer, SignInFlow } from "@cloudsmith/contracts";
import {
  authorizeUrl,
  clientOf,
  ConvertedApp,
  exchangeCode,
  findCredential,
  Installations,
  keepAuthorization,
  keepSecret,
  newPkce,
  octokitFor,
  parseAnswer,
  serverOf,
  User,
  type AppSecrets,
  type CallLimits,
  type CredentialContext,
  type RepositoryLists,
} from "@cloudsmith/github";
import type { SystemStore } from "@cloudsmith/store";
import { recordActivity } from "../activity.ts";
import { Flows } from "./flows.ts";
import { appManifest, callbackPath, manifestTarget } from "./manifest.ts";

export interface SignInContext extends CredentialContext {
  readonly store: SystemStore;
  /** The GitHub that new accounts are made at. */
  readonly server: GitHubServer;
  readonly limits?: CallLimits | undefined;
  readonly lists: RepositoryLists;
}

/** Who begins a sign-in, where GitHub comes back to and what is shown then. */
export interface Beginning {
  readonly teamId: string;
  readonly actor: Actor;
  /** `http://127.0.0.1:<port>`: an address that GitHub takes with any port, and that never gets our session's cookie. */
  readonly origin: string;
  readonly returnTo: string | null;
}

export interface Begun {
  readonly flow: string;
  readonly url: string;
  readonly expiresAt: string;
}

/** What the browser shall do after GitHub's answer: go on at GitHub, or come back. */
export type Answered =
  | { readonly type: "go-on"; readonly url: string }
  | { readonly type: "done"; readonly flow: SignInFlow; readonly credential: Credential };

export type Answer = {
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  readonly state: string;
};

/** Signing in to GitHub: an app of the person's own by GitHub's manifest flow, then OAuth's web flow with PKCE and state. */
export class GitHubSignIn {
  readonly #context: SignInContext;
  readonly #flows: Flows;

  constructor(context: SignInContext) {
    this.#context = context;
    this.#flows = new Flows(context.store, context.now);
  }

  /** Begins with a page of ours, since GitHub wants the manifest as a form. */
  async createApp(beginning: Beginning & { organization: string | null }): Promise<Begun> {
    const { organization, origin } = beginning;
    const { flow, state } = await this.#flows.begin({
      ...flowOf(beginning),
      step: "create-app",
      credentialId: null,
      organization,
      verifier: null,
    });
    return { flow: flow.id, url: `${origin}/connect/github?state=${state}`, expiresAt: flow.expiresAt };
  }

  /** The form of that page. */
  async manifestForm(state: string): Promise<{ action: string; manifest: string }> {
    const flow = await this.#flows.peek(state);
    if (flow.step !== "create-app") throw new CloudSmithError("invalid-input", "This sign-in makes no app");
    return {
      action: manifestTarget(this.#context.server.web, flow.organization, state),
      manifest: JSON.stringify(appManifest(new URL(flow.redirectUrl).origin)),
    };
  }

  /** Keeps an OAuth client and begins its sign-in. */
  async connectClient(
    beginning: Beginning & { clientId: string; clientSecret: string; access: "public" | "private" },
  ): Promise<Begun> {
    const { clientId, clientSecret, access } = beginning;
    const credential = await this.#newCredential(beginning, {
      kind: "oauth-client",
      name: "OAuth client",
      app: { clientId, id: null, slug: null, name: null },
      secrets: { clientSecret, privateKey: null, webhookSecret: null },
    });
    return this.signIn({ ...beginning, credential, access });
  }

  /** Begins a sign-in with a client that is kept. An OAuth client asks for no scope but those that it has and needs. */
  async signIn(
    beginning: Beginning & { credential: Credential; access: "public" | "private" | undefined },
  ): Promise<Begun> {
    const { credential, access } = beginning;
    const { verifier, challenge } = newPkce();
    const kept = await keepSecret(this.#context, credential.teamId, verifier);
    const { flow, state } = await this.#flows.begin({
      ...flowOf(beginning),
      step: "authorize",
      credentialId: credential.id,
      organization: null,
      verifier: kept,
    });
    const url = await this.#authorizeUrl(credential, { state, challenge, redirectUrl: flow.redirectUrl, access });
    return { flow: flow.id, url, expiresAt: flow.expiresAt };
  }

  /** Takes what GitHub sent the browser back with. What goes wrong settles the flow and is thrown. */
  async answer({
    state,
    code,
    error,
  }: Answer): Promise<{ flow: SignInFlow } & ({ next: Answered } | { failed: CloudSmithError })> {
    const flow = await this.#flows.take(state);
    try {
      if (error !== undefined || code === undefined) throw denied(error);
      return {
        flow,
        next: flow.step === "create-app" ? await this.#createdApp(flow, code) : await this.#authorized(flow, code),
      };
    } catch (thrown) {
      const failed = toCloudSmithError(thrown);
      await this.#flows.settle(flow, { state: "failed", problem: problemOf(failed) });
      if (flow.verifier !== null) await this.#context.secrets.delete(flow, [flow.verifier]);
      return { flow, failed };
    }
  }

  async #createdApp(flow: SignInFlow, code: string): Promise<Answered> {
    const { server, limits, now } = this.#context;
    const octokit = new (octokitFor({ server, limits, now }))();
    const { data } = await octokit.request("POST /app-manifests/{code}/conversions", { code });
    const app = parseAnswer(ConvertedApp, data, server);
    const credential = await this.#newCredential(
      { teamId: flow.teamId, actor: flow.createdBy },
      {
        kind: "github-app",
        name: app.name,
        app: { clientId: app.client_id, id: app.id, slug: app.slug, name: app.name },
        secrets: { clientSecret: app.client_secret, privateKey: app.pem, webhookSecret: app.webhook_secret },
      },
    );
    const { verifier, challenge } = newPkce();
    const kept = await keepSecret(this.#context, flow.teamId, verifier);
    const next = await this.#flows.next(flow, { step: "authorize", credentialId: credential.id, verifier: kept });
    const { redirectUrl } = flow;
    return {
      type: "go-on",
      url: await this.#authorizeUrl(credential, { state: next.state, challenge, redirectUrl, access: undefined }),
    };
  }

  async #authorized(flow: SignInFlow, code: string): Promise<Answered> {
    const { teamId, credentialId, verifier: kept } = flow;
    if (credentialId === null || kept === null) throw new CloudSmithError("internal", "The sign-in names no account");
    const key = { teamId, id: credentialId };
    const credential = (await findCredential(this.#context.store, key)).value;
    const verifier: unknown = JSON.parse((await this.#context.secrets.get({ teamId }, [kept])).get(kept) ?? '""');
    const { limits, now } = this.#context;
    const server = serverOf(credential);
    const authorization = await exchangeCode(await clientOf(this.#context, credential), {
      server,
      limits,
      now,
      code,
      verifier: String(verifier),
      redirectUrl: flow.redirectUrl,
    });
    const octokit = new (octokitFor({ server, limits, now }))({ auth: authorization.tokens.accessToken });
    const account = parseAnswer(User, (await octokit.request("GET /user")).data, server);
    const ready = await keepAuthorization(this.#context, key, authorization, {
      account: { id: account.id, login: account.login },
      ...(credential.account === null && credential.kind === "oauth-client" && { name: account.login }),
    });
    await this.#context.secrets.delete({ teamId }, [kept]);
    this.#context.lists.forget(key);
    // Also wakes the windows that wait for it.
    await recordActivity(this.#context.store, {
      teamId,
      actor: flow.createdBy,
      action: "accounts.signedIn",
      projectId: null,
      subject: ready.name,
      detail: `as ${account.login}`,
      now: now(),
    });
    const done = await this.#flows.settle(flow, { state: "done", verifier: null });
    const { slug } = credential.app ?? {};
    if (credential.kind === "github-app" && slug != null && !(await isInstalled(octokit, server)))
      return { type: "go-on", url: installUrl(server.web, slug, flow.returnTo) };
    return { type: "done", flow: done, credential: ready };
  }

  async #authorizeUrl(
    credential: Credential,
    options: { state: string; challenge: string; redirectUrl: string; access: "public" | "private" | undefined },
  ): Promise<string> {
    const { access, ...rest } = options;
    const { limits, now } = this.#context;
    const scopes = scopesFor(access, credential.scopes);
    const client = await clientOf(this.#context, credential);
    return authorizeUrl(client, { server: serverOf(credential), limits, now, ...rest, scopes });
  }

  async #newCredential(
    { teamId, actor }: Pick<Beginning, "teamId" | "actor">,
    input: Pick<Credential, "kind" | "name" | "app"> & { secrets: AppSecrets },
  ): Promise<Credential> {
    const { secrets, ...rest } = input;
    const value: Credential = {
      ...rest,
      id: newId("credential"),
      teamId,
      state: "waiting",
      server: this.#context.server,
      account: null,
      scopes: [],
      problem: null,
      expiresAt: null,
      renewableUntil: null,
      secrets: { app: await keepSecret(this.#context, teamId, secrets), token: null },
      createdAt: this.#context.now().toISOString(),
      createdBy: actor,
      checkedAt: null,
    };
    await this.#context.store.commit({ puts: [{ entity: "credential", value, if: "absent" }] });
    return value;
  }
}

function flowOf({ teamId, actor, origin, returnTo }: Beginning) {
  return { teamId, createdBy: actor, redirectUrl: `${origin}${callbackPath}`, returnTo };
}

/** Public repositories need no scope at all; `repo` is asked for where private ones are wanted, and stays once it was given. */
export function scopesFor(access: "public" | "private" | undefined, had: readonly string[]): string[] {
  if (access === "private") return ["repo", "read:org"];
  return access === "public" ? [] : [...had];
}

/** Where an app is given repositories; the page to come back to goes along as the `state`. */
export function installUrl(web: string, slug: string, returnTo: string | null): string {
  const address = `${web}/apps/${slug}/installations/new`;
  return returnTo === null ? address : `${address}?state=${encodeURIComponent(returnTo)}`;
}

async function isInstalled(
  octokit: InstanceType<ReturnType<typeof octokitFor>>,
  server: GitHubServer,
): Promise<boolean> {
  const { data } = await octokit.request("GET /user/installations", { per_page: 1 });
  return parseAnswer(Installations, data, server).total_count > 0;
}

function denied(error: string | undefined): CloudSmithError {
  return new CloudSmithError("github-refused", "GitHub was not allowed to sign you in", {
    why:
      error === "access_denied" || error === undefined
        ? "The sign-in was canceled at GitHub"
        : `GitHub said: ${error.slice(0, 100)}`,
    fix: "Begin the sign-in again when you want to go on",
  });
}

function problemOf(error: CloudSmithError): NonNullable<SignInFlow["problem"]> {
  return {
    code: error.code,
    message: error.message,
    why: error.why ?? null,
    fix: error.fix ?? "Begin the sign-in again",
  };
}
