import { newId, type Actor, type Credential, type GitHubServer } from "@cloudsmith/contracts";
import {
  changeCredential,
  clientOf,
  GitHubError,
  instant,
  keepSecret,
  lastPage,
  octokitFor,
  parseAnswer,
  revokeToken,
  serverOf,
  tokensOf,
  User,
  type CallLimits,
  type CredentialContext,
  type CredentialKey,
} from "@cloudsmith/github";
import * as z from "zod";

export interface TokenContext extends CredentialContext {
  readonly server: GitHubServer;
  readonly limits?: CallLimits | undefined;
}

/** What GitHub says about a pasted token. */
export interface CheckedToken {
  readonly account: { readonly id: number; readonly login: string };
  readonly scopes: string[];
  readonly expiresAt: string | null;
  /** What a person should know about it. */
  readonly notes: string[];
}

/** Asks GitHub whose a token is, when it ends and what it can read. Throws `github-refused` for one that GitHub does not know or that cannot read files. */
export async function checkToken(context: TokenContext, token: string): Promise<CheckedToken> {
  const { server, limits, now } = context;
  const octokit = new (octokitFor({ server, limits, now }))({ auth: token });
  try {
    const { data, headers } = await octokit.request("GET /user");
    const { id, login } = parseAnswer(User, data, server);
    const scopes = (headers["x-oauth-scopes"] ?? "").split(/,\s*/).filter(Boolean);
    const notes = [...(await whatItReads(octokit, server)), ...classicNotes(token)];
    return {
      account: { id, login },
      scopes,
      expiresAt: expiryOf(headers["github-authentication-token-expiration"]),
      notes,
    };
  } catch (error) {
    if (!(error instanceof GitHubError) || error.code !== "github-signed-out") throw error;
    throw new GitHubError("github-refused", "GitHub does not know this token", {
      why: `It was mistyped, has expired, was revoked, or is one of another GitHub than ${server.web}`,
      fix: `Make one with Contents: read-only at ${server.web}/settings/personal-access-tokens/new`,
    });
  }
}

type Octokit = InstanceType<ReturnType<typeof octokitFor>>;

async function whatItReads(octokit: Octokit, server: GitHubServer): Promise<string[]> {
  const all = await octokit.request("GET /user/repos", { per_page: 1 });
  const hidden = await octokit.request("GET /user/repos", { per_page: 1, visibility: "private" });
  const count = (answer: typeof all): number => lastPage(answer.headers.link) ?? answer.data.length;
  const first = parseAnswer(z.array(z.object({ id: z.number() })), hidden.data, server)[0];
  // The list of repositories needs no more than their metadata; deploying reads their files.
  if (first !== undefined) await octokit.request("GET /repositories/{id}/branches", { id: first.id, per_page: 1 });
  return [`It lists ${count(all)} repositories, ${count(hidden)} of them private`];
}

function classicNotes(token: string): string[] {
  return token.startsWith("ghp_")
    ? [
        "This is a classic token, which reads more than CloudSmith needs: a fine-grained one with Contents: read-only is safer",
      ]
    : [];
}

/** `2026-12-01 10:00:00 UTC`, or with an offset. */
function expiryOf(header: string | number | undefined): string | null {
  const at = Date.parse(
    String(header ?? "")
      .replace(" UTC", "Z")
      .replace(" ", "T"),
  );
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** Keeps a token that was checked as an account. */
export async function connectToken(
  context: TokenContext,
  input: { teamId: string; actor: Actor; token: string; name: string | undefined; checked: CheckedToken },
): Promise<Credential> {
  const { teamId, checked } = input;
  const now = context.now().toISOString();
  const value: Credential = {
    ...newCredential(input, now),
    kind: "token",
    name: input.name ?? checked.account.login,
    server: context.server,
    account: checked.account,
    scopes: checked.scopes,
    expiresAt: instant(checked.expiresAt),
    secrets: { app: null, token: await keepSecret(context, teamId, { accessToken: input.token, refreshToken: null }) },
    checkedAt: now,
  };
  await context.store.commit({ puts: [{ entity: "credential", value, if: "absent" }] });
  return value;
}

/** Puts another token in a token's place. */
export async function replaceToken(
  context: TokenContext,
  key: CredentialKey,
  input: { token: string; checked: CheckedToken },
): Promise<Credential> {
  const { checked } = input;
  const token = await keepSecret(context, key.teamId, { accessToken: input.token, refreshToken: null });
  return changeCredential(context, key, (value) => ({
    ...value,
    state: "ready",
    problem: null,
    account: checked.account,
    scopes: checked.scopes,
    expiresAt: instant(checked.expiresAt),
    checkedAt: context.now().toISOString(),
    secrets: { ...value.secrets, token },
  }));
}

/** A token that was given for one project, for whatever Git server it points to. Not committed: it goes with the project's change. */
export async function gitToken(
  context: CredentialContext,
  input: { teamId: string; actor: Actor; token: string; project: string },
): Promise<Credential> {
  return {
    ...newCredential(input, context.now().toISOString()),
    kind: "git-token",
    name: `Token of ${input.project}`,
    server: null,
    secrets: {
      app: null,
      token: await keepSecret(context, input.teamId, { accessToken: input.token, refreshToken: null }),
    },
  };
}

function newCredential({ teamId, actor }: { teamId: string; actor: Actor }, createdAt: string) {
  return {
    id: newId("credential"),
    teamId,
    state: "ready" as const,
    app: null,
    account: null,
    scopes: [],
    problem: null,
    expiresAt: null,
    renewableUntil: null,
    createdAt,
    createdBy: actor,
    checkedAt: null,
  };
}

/** Ends a record's token at GitHub. False with a note where only the person can do that, or GitHub does not answer. */
export async function revokeAtGitHub(
  context: TokenContext,
  credential: Credential,
): Promise<{ revoked: boolean; note: string | null }> {
  if (credential.secrets.token === null || credential.state === "signed-out") return { revoked: true, note: null };
  if (credential.kind === "git-token") return { revoked: false, note: "Revoke the token where it was made" };
  const server = serverOf(credential);
  if (credential.app === null)
    return {
      revoked: false,
      note: `A pasted token can only be revoked at GitHub: ${server.web}/settings/personal-access-tokens`,
    };
  try {
    const client = await clientOf(context, credential);
    const { accessToken } = await tokensOf(context, credential);
    await revokeToken(client, { server, limits: context.limits, now: context.now, token: accessToken });
    return { revoked: true, note: null };
  } catch (error) {
    // Forgetting it here must not depend on GitHub.
    if (!(error instanceof GitHubError)) throw error;
    return { revoked: false, note: `${error.message}: revoke it at ${server.web}/settings/apps/authorizations` };
  }
}
