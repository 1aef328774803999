import * as z from "zod";
import { CredentialId, credentialKinds, credentialStates } from "../credential.ts";
import { ErrorBody } from "../errors.ts";
import { Instant } from "../ids.ts";
import { procedure } from "./procedure.ts";
import { Done } from "./views.ts";

/** An account that repositories are read with, as people see it; nothing of its secrets. */
export const AccountView = z.object({
  id: CredentialId,
  kind: z.enum(credentialKinds),
  name: z.string(),
  state: z.enum(credentialStates),
  /** Whose eyes it reads with; null until somebody has signed in. */
  login: z.string().nullable(),
  /** The base of its GitHub's pages: `https://github.com`. */
  server: z.string().nullable(),
  app: z
    .object({
      name: z.string().nullable(),
      /** Its page at GitHub, where its owner changes or deletes it. */
      settingsUrl: z.string(),
      /** Where it is installed and given repositories; only of GitHub Apps. */
      installUrl: z.string().nullable(),
    })
    .nullable(),
  /** Of an OAuth client: `repo` reads private repositories too. */
  scopes: z.array(z.string()),
  readsPrivate: z.boolean(),
  problem: z.object({ message: z.string(), fix: z.string() }).nullable(),
  /** When the token ends; one that renews itself is renewed before. */
  expiresAt: Instant.nullable(),
  renewsItself: z.boolean(),
  createdAt: Instant,
  createdBy: z.string(),
  checkedAt: Instant.nullable(),
  /** Names of the projects that are bound to it. */
  projects: z.array(z.string()),
});
export type AccountView = z.infer<typeof AccountView>;

/** A sign-in that has begun: open `url` in the person's browser before it ends. */
const FlowStart = z.object({ flow: z.string(), url: z.string(), expiresAt: Instant });

export const FlowView = z.object({
  flow: z.string(),
  state: z.enum(["waiting", "done", "failed"]),
  account: AccountView.nullable(),
  error: ErrorBody.nullable(),
  expiresAt: Instant,
});
export type FlowView = z.infer<typeof FlowView>;

const InstallationView = z.object({
  id: z.number().int(),
  /** The person or organization that installed it. */
  owner: z.string(),
  ownerType: z.enum(["user", "organization"]),
  repositories: z.enum(["all", "selected"]),
  suspended: z.boolean(),
  /** Its page at GitHub, where its repositories are chosen. */
  url: z.string(),
});
export type InstallationView = z.infer<typeof InstallationView>;

const Revoked = Done.extend({
  /** False where GitHub could not be asked to revoke the token: `note` says what to do. */
  revoked: z.boolean(),
  note: z.string().nullable(),
});

const AccountInput = z.object({ account: CredentialId });
/** A page of our own to come back to; anything else is refused, so that no sign-in leads elsewhere. */
const ReturnTo = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[^\s\\]*$/, "a path of CloudSmith's own pages, such as /settings/accounts")
  .optional()
  .describe("the page to come back to; default: one that says it is done");
const Access = z.enum(["public", "private"]).describe("what is asked for: public repositories, or private ones too");
const Token = z.string().trim().min(10).max(4096);

export const accounts = {
  list: procedure("accounts.read", "GET", "/accounts", "Accounts that repositories are read with").output(
    z.array(AccountView),
  ),
  createGithubApp: procedure(
    "accounts.write",
    "POST",
    "/accounts/github-app",
    "Create a GitHub App of one's own and sign in with it",
  )
    .input(
      z.object({
        organization: z
          .string()
          .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/, "the organization's name as in its address")
          .optional()
          .describe("the app's owner; default: the person"),
        returnTo: ReturnTo,
      }),
    )
    .output(FlowStart),
  connectOauthClient: procedure(
    "accounts.write",
    "POST",
    "/accounts/oauth-client",
    "Keep an OAuth client's id and secret and sign in with it",
  )
    .input(
      z.object({
        clientId: z.string().trim().min(8).max(100),
        clientSecret: z.string().trim().min(8).max(200),
        access: Access.default("public"),
        returnTo: ReturnTo,
      }),
    )
    .output(FlowStart),
  connectToken: procedure(
    "accounts.write",
    "POST",
    "/accounts/token",
    "Keep a fine-grained token, once GitHub knows it",
  )
    .input(z.object({ token: Token, name: z.string().trim().min(1).max(80).optional() }))
    .output(AccountView.extend({ notes: z.array(z.string()) })),
  replaceToken: procedure(
    "accounts.write",
    "PUT",
    "/accounts/{account}/token",
    "Put another token in a token's place; its projects go on with it",
  )
    .input(AccountInput.extend({ token: Token }))
    .output(AccountView.extend({ notes: z.array(z.string()) })),
  signIn: procedure(
    "accounts.write",
    "POST",
    "/accounts/{account}/sign-in",
    "Sign in anew, or ask for private repositories too",
  )
    .input(AccountInput.extend({ access: Access.optional(), returnTo: ReturnTo }))
    .output(FlowStart),
  flow: procedure("accounts.read", "GET", "/accounts/flows/{flow}", "How a sign-in stands")
    .input(z.object({ flow: z.string() }))
    .output(FlowView),
  check: procedure("accounts.read", "POST", "/accounts/{account}/check", "Ask GitHub whether it still works")
    .input(AccountInput)
    .output(AccountView),
  installations: procedure(
    "accounts.read",
    "GET",
    "/accounts/{account}/installations",
    "Where a GitHub App is installed",
  )
    .input(AccountInput)
    .output(z.array(InstallationView)),
  rename: procedure("accounts.write", "PATCH", "/accounts/{account}", "Give it another name")
    .input(AccountInput.extend({ name: z.string().trim().min(1).max(80) }))
    .output(AccountView),
  signOut: procedure(
    "accounts.write",
    "POST",
    "/accounts/{account}/sign-out",
    "Revoke its token at GitHub; its app stays, so that signing in again takes one click",
  )
    .input(AccountInput)
    .output(Revoked),
  disconnect: procedure(
    "accounts.write",
    "DELETE",
    "/accounts/{account}",
    "Revoke its token at GitHub and forget its secrets; what is deployed stays",
  )
    .input(AccountInput)
    .output(Revoked),
};
