import { CloudSmithError, newId, type Credential } from "@cloudsmith/contracts";
import { retryOnConflict } from "@cloudsmith/deployments";
import type { SecretStore } from "@cloudsmith/secrets";
import type { Store, Stored } from "@cloudsmith/store";
import * as z from "zod";
import type { OAuthClient } from "./oauth.ts";
import { TokenSet, type Authorization } from "./oauth.ts";

/** What reading and changing credential records needs. */
export interface CredentialContext {
  readonly store: Store;
  readonly secrets: SecretStore;
  readonly now: () => Date;
}

export interface CredentialKey {
  readonly teamId: string;
  readonly id: string;
}

/** What an app or client is given by GitHub besides its id; kept as JSON in the secret store. */
export const AppSecrets = z.object({
  clientSecret: z.string(),
  privateKey: z.string().nullable(),
  webhookSecret: z.string().nullable(),
});
export type AppSecrets = z.infer<typeof AppSecrets>;

/** The record, or `not-found` also for another team's. */
export async function findCredential(store: Store, key: CredentialKey): Promise<Stored<"credential">> {
  const found = await store.get("credential", key);
  if (found !== undefined) return found;
  throw new CloudSmithError("not-found", "There is no such account", {
    why: "It was disconnected, or never was",
    fix: "Choose another one in the project's settings; list them: cloudsmith github accounts",
  });
}

/** Reads, changes and writes a record again until no other writer comes between. Secrets that it no longer names are removed. */
export async function changeCredential(
  context: CredentialContext,
  key: CredentialKey,
  change: (value: Credential) => Credential,
): Promise<Credential> {
  const { before, after } = await retryOnConflict(async () => {
    const stored = await findCredential(context.store, key);
    const value = change(stored.value);
    if (value !== stored.value)
      await context.store.commit({ puts: [{ entity: "credential", value, if: { version: stored.version } }] });
    return { before: stored.value, after: value };
  });
  const kept = new Set(Object.values(after.secrets));
  const dropped = Object.values(before.secrets).filter((id) => id !== null && !kept.has(id));
  await context.secrets.delete(
    key,
    dropped.filter((id) => id !== null),
  );
  return after;
}

/** Keeps a secret as a new version and gives its name. */
export async function keepSecret(context: CredentialContext, teamId: string, value: unknown): Promise<string> {
  const id = newId("secretVersion");
  await context.secrets.put({ teamId }, id, JSON.stringify(value));
  return id;
}

/** Puts the tokens of a sign-in in place of the earlier ones. */
export async function keepAuthorization(
  context: CredentialContext,
  key: CredentialKey,
  authorization: Authorization,
  also: Partial<Credential> = {},
): Promise<Credential> {
  const token = await keepSecret(context, key.teamId, authorization.tokens);
  return changeCredential(context, key, (value) => ({
    ...value,
    state: "ready",
    problem: null,
    scopes: [...authorization.scopes],
    expiresAt: instant(authorization.expiresAt),
    renewableUntil: instant(authorization.renewableUntil),
    checkedAt: context.now().toISOString(),
    secrets: { ...value.secrets, token },
    ...also,
  }));
}

export async function appSecretsOf(context: CredentialContext, credential: Credential): Promise<AppSecrets> {
  return AppSecrets.parse(await secretOf(context, credential.teamId, credential.secrets.app));
}

export async function tokensOf(context: CredentialContext, credential: Credential): Promise<TokenSet> {
  return TokenSet.parse(await secretOf(context, credential.teamId, credential.secrets.token));
}

/** The client that a record signs in with. Throws `invalid-input` for a pasted token, which has none. */
export async function clientOf(context: CredentialContext, credential: Credential): Promise<OAuthClient> {
  if (credential.app === null)
    throw new CloudSmithError("invalid-input", `${credential.name} is a token: it has no sign-in`, {
      fix: "Put another token in its place",
    });
  const { clientSecret } = await appSecretsOf(context, credential);
  return { type: clientType(credential.app.clientId), clientId: credential.app.clientId, clientSecret };
}

/** Client ids of GitHub Apps begin with Iv, also where one is pasted as an OAuth client. */
export function clientType(clientId: string): OAuthClient["type"] {
  return clientId.startsWith("Iv") ? "github-app" : "oauth-app";
}

async function secretOf(context: CredentialContext, teamId: string, id: string | null): Promise<unknown> {
  const text = id === null ? undefined : (await context.secrets.get({ teamId }, [id])).get(id);
  if (text !== undefined) return JSON.parse(text);
  throw new CloudSmithError("github-signed-out", "The secrets of this account are gone", {
    why: "They are not in the secret store",
    fix: "Disconnect the account and connect it again",
  });
}

/** With milliseconds, as everything that is stored. */
export function instant(text: string | null): string | null {
  return text === null ? null : new Date(text).toISOString();
}
