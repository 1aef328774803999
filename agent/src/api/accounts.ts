import { checkToken, connectToken, replaceToken, revokeAtGitHub, type Beginning } from "@cloudsmith/authspire";
import { CloudSmithError, toErrorBody, type Credential, type ErrorBody, type SignInFlow } from "@cloudsmith/contracts";
import { changeCredential, findCredential, Installations, parseAnswer, serverOf, User } from "@cloudsmith/github";
import type { AgentServices } from "../services.ts";
import { accountViews, viewOf } from "./account-view.ts";
import { os, type Caller } from "./base.ts";

export const accounts = {
  list: os.accounts.list.handler(({ context: { services, caller } }) => accountViews(services.store, caller.teamId)),

  createGithubApp: os.accounts.createGithubApp.handler(({ input, context: { services, caller } }) =>
    services.github.signIn.createApp({
      ...beginning(services, caller, input.returnTo),
      organization: input.organization ?? null,
    }),
  ),

  connectOauthClient: os.accounts.connectOauthClient.handler(({ input, context: { services, caller } }) =>
    services.github.signIn.connectClient({ ...input, ...beginning(services, caller, input.returnTo) }),
  ),

  connectToken: os.accounts.connectToken.handler(async ({ input, context: { services, caller } }) => {
    const { token, name } = input;
    const checked = await checkToken(services.github.context, token);
    const { teamId, actor } = caller;
    const credential = await connectToken(services.github.context, { teamId, actor, token, name, checked });
    return { ...(await viewOf(services.store, credential)), notes: checked.notes };
  }),

  replaceToken: os.accounts.replaceToken.handler(async ({ input, context: { services, caller } }) => {
    const key = { teamId: caller.teamId, id: input.account };
    const before = (await findCredential(services.store, key)).value;
    if (before.kind !== "token")
      throw new CloudSmithError("invalid-input", `${before.name} is not a pasted token`, {
        fix: "Sign in anew instead",
      });
    const checked = await checkToken(services.github.context, input.token);
    const credential = await replaceToken(services.github.context, key, { token: input.token, checked });
    services.github.lists.forget(key);
    return { ...(await viewOf(services.store, credential)), notes: checked.notes };
  }),

  signIn: os.accounts.signIn.handler(async ({ input, context: { services, caller } }) => {
    const credential = await theirs(services, caller, input.account);
    return services.github.signIn.signIn({
      ...beginning(services, caller, input.returnTo),
      credential,
      access: input.access,
    });
  }),

  flow: os.accounts.flow.handler(async ({ input, context: { services, caller } }) => {
    const { store } = services;
    const flow = (await store.get("signInFlow", { teamId: caller.teamId, id: input.flow }))?.value;
    if (flow === undefined)
      throw new CloudSmithError("not-found", "There is no such sign-in", { fix: "Begin it again" });
    const { id, state, credentialId, problem, expiresAt } = flow;
    const ended = state === "waiting" && expiresAt <= services.now().toISOString();
    const account =
      credentialId === null ? undefined : await store.get("credential", { teamId: caller.teamId, id: credentialId });
    return {
      flow: id,
      state: ended ? ("failed" as const) : state,
      account: account === undefined ? null : await viewOf(store, account.value),
      error: ended ? toErrorBody(outOfTime()) : problem === null ? null : errorBodyOf(problem),
      expiresAt,
    };
  }),

  check: os.accounts.check.handler(async ({ input, context: { services, caller }, signal }) => {
    const key = { teamId: caller.teamId, id: input.account };
    const { context, access } = services.github;
    if ((await findCredential(services.store, key)).value.server !== null) {
      const account = await access
        .call(key, signal, async (octokit, credential) =>
          parseAnswer(User, (await octokit.request("GET /user")).data, serverOf(credential)),
        )
        // That it is signed out is the answer.
        .catch(unlessSignedOut);
      if (account !== undefined)
        await changeCredential(context, key, (value) => ({
          ...value,
          account,
          checkedAt: services.now().toISOString(),
        }));
    }
    return viewOf(services.store, (await findCredential(services.store, key)).value);
  }),

  installations: os.accounts.installations.handler(async ({ input, context: { services, caller }, signal }) => {
    const key = { teamId: caller.teamId, id: input.account };
    return services.github.access.call(key, signal, async (octokit, credential) => {
      const { web } = serverOf(credential);
      const { data } = await octokit.request("GET /user/installations", { per_page: 100 });
      return parseAnswer(Installations, data, serverOf(credential)).installations.map((each) => {
        const owner = each.account?.login ?? "";
        const organization = each.target_type === "Organization";
        return {
          id: each.id,
          owner,
          ownerType: organization ? ("organization" as const) : ("user" as const),
          repositories: each.repository_selection,
          suspended: each.suspended_at != null,
          url: `${web}${organization ? `/organizations/${owner}` : ""}/settings/installations/${each.id}`,
        };
      });
    });
  }),

  rename: os.accounts.rename.handler(async ({ input, context: { services, caller } }) => {
    const { name } = input;
    const key = { teamId: caller.teamId, id: input.account };
    return viewOf(
      services.store,
      await changeCredential(services.github.context, key, (value) => ({ ...value, name })),
    );
  }),

  signOut: os.accounts.signOut.handler(async ({ input, context: { services, caller } }) => {
    const credential = await theirs(services, caller, input.account);
    const outcome = await revokeAtGitHub(services.github.context, credential);
    await changeCredential(services.github.context, credential, (value) => ({
      ...value,
      state: "signed-out",
      problem: { message: "It was signed out here", fix: "Sign in again" },
      secrets: { ...value.secrets, token: null },
    }));
    services.github.lists.forget(credential);
    return { done: true as const, ...outcome };
  }),

  disconnect: os.accounts.disconnect.handler(async ({ input, context: { services, caller } }) => {
    const credential = await theirs(services, caller, input.account);
    const outcome = await revokeAtGitHub(services.github.context, credential);
    const stored = await findCredential(services.store, credential);
    await services.store.commit({
      deletes: [{ entity: "credential", value: stored.value, if: { version: stored.version } }],
    });
    const { app, token } = stored.value.secrets;
    await services.secrets.delete(
      credential,
      [app, token].filter((id) => id !== null),
    );
    services.github.lists.forget(credential);
    return { done: true as const, ...outcome };
  }),
};

async function theirs(services: AgentServices, { teamId }: Caller, id: string): Promise<Credential> {
  return (await findCredential(services.store, { teamId, id })).value;
}

/** GitHub takes a loopback address by its number with any port; our session's cookie is never sent there. */
function beginning(services: AgentServices, { teamId, actor }: Caller, returnTo: string | undefined): Beginning {
  const { port } = new URL(services.info().url);
  return { teamId, actor, origin: `http://127.0.0.1:${port}`, returnTo: returnTo ?? null };
}

function outOfTime(): CloudSmithError {
  return new CloudSmithError("deadline-exceeded", "The sign-in was not finished in time", {
    fix: "Begin it again",
  });
}

function errorBodyOf({ code, message, why, fix }: NonNullable<SignInFlow["problem"]>): ErrorBody {
  return { code, message, fix, ...(why !== null && { cause: why }) };
}

function unlessSignedOut(error: unknown): undefined {
  if (error instanceof CloudSmithError && error.code === "github-signed-out") return undefined;
  throw error;
}
