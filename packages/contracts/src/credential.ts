import * as z from "zod";
import { errorCodes } from "./errors.ts";
import { Instant, TeamId, idSchema } from "./ids.ts";
import { Actor } from "./entities.ts";

export const CredentialId = idSchema("credential");

/** `git-token` is one that was given for a single project and for a Git server of any kind; the others speak with GitHub. */
export const credentialKinds = ["github-app", "oauth-client", "token", "git-token"] as const;
export type CredentialKind = (typeof credentialKinds)[number];

/** `waiting`: nobody has signed in with it yet. `signed-out`: it was ended, here or at GitHub, and needs a new sign-in. */
export const credentialStates = ["waiting", "ready", "signed-out"] as const;

/** Where a GitHub is: its pages and its REST API, both without a slash at the end. */
export const GitHubServer = z.object({ web: z.url(), api: z.url() });
export type GitHubServer = z.infer<typeof GitHubServer>;

/** The GitHub App or OAuth client that a credential signs in with. */
const CredentialApp = z.object({
  clientId: z.string(),
  /** Only of GitHub Apps. */
  id: z.number().int().nullable(),
  slug: z.string().nullable(),
  name: z.string().nullable(),
});

/**
 * How CloudSmith may read repositories: what projects are bound to. It can be signed in anew, replaced or shared without touching them. Its secrets
 * are in the secret store alone; it names their versions.
 */
export const Credential = z.object({
  id: CredentialId,
  teamId: TeamId,
  kind: z.enum(credentialKinds),
  name: z.string(),
  state: z.enum(credentialStates),
  server: GitHubServer.nullable(),
  app: CredentialApp.nullable(),
  /** Whose eyes it reads with. */
  account: z.object({ id: z.number().int(), login: z.string() }).nullable(),
  /** What an OAuth client asked for and got; empty for the others, whose permissions are fixed at GitHub. */
  scopes: z.array(z.string()),
  /** Why it cannot be used, in the words that a person gets. */
  problem: z.object({ message: z.string(), fix: z.string() }).nullable(),
  expiresAt: Instant.nullable(),
  /** After this its refresh token has ended as well. */
  renewableUntil: Instant.nullable(),
  /** Names in the secret store. */
  secrets: z.object({
    /** Client secret, private key and webhook secret, as JSON. */
    app: z.string().nullable(),
    /** Access and refresh token, as JSON. */
    token: z.string().nullable(),
  }),
  createdAt: Instant,
  createdBy: Actor,
  checkedAt: Instant.nullable(),
});
export type Credential = z.infer<typeof Credential>;

/** A sign-in that is under way in a browser. */
export const SignInFlow = z.object({
  id: idSchema("flow"),
  teamId: TeamId,
  /** What GitHub is asked for at this step: to make an app, or to let a person sign in with it. */
  step: z.enum(["create-app", "authorize"]),
  state: z.enum(["waiting", "done", "failed"]),
  /** SHA-256 of the `state` that GitHub hands back; each is good for one answer. */
  stateHash: z.string(),
  /** The PKCE verifier's name in the secret store. */
  verifier: z.string().nullable(),
  credentialId: CredentialId.nullable(),
  /** The organization that a new app shall belong to; null: the person. */
  organization: z.string().nullable(),
  redirectUrl: z.string(),
  /** The page of our own to come back to; null: the page that says it is done. */
  returnTo: z.string().nullable(),
  problem: z
    .object({ code: z.enum(errorCodes), message: z.string(), why: z.string().nullable(), fix: z.string() })
    .nullable(),
  createdBy: Actor,
  createdAt: Instant,
  expiresAt: Instant,
});
export type SignInFlow = z.infer<typeof SignInFlow>;
