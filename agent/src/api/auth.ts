import { CloudSmithError, roleAllows } from "@cloudsmith/contracts";
import { os, type Caller } from "./base.ts";

/** People see and end their own sessions; whoever administrates the team, everybody's. */
function seesAll({ role }: Caller): boolean {
  return roleAllows(role, "events.write");
}

export const auth = {
  me: os.auth.me.handler(({ context: { caller } }) => ({
    userId: caller.actor.id,
    teamId: caller.teamId,
    name: caller.actor.name,
    role: caller.role,
  })),
  createSignInCode: os.auth.createSignInCode.handler(async ({ context: { services, caller } }) => {
    const { value, token } = await services.credentials.issue({
      kind: "code",
      teamId: caller.teamId,
      userId: caller.actor.id,
      name: "sign-in code",
    });
    return {
      code: value,
      url: `${services.info().url}/sign-in?code=${value}`,
      expiresAt: token.expiresAt ?? token.createdAt,
    };
  }),
  sessions: os.auth.sessions.handler(async ({ context: { services, caller } }) => {
    const tokens = await services.credentials.list(caller.teamId);
    return tokens.flatMap(({ kind, id, name, userId, createdAt, lastUsedAt, expiresAt }) =>
      kind === "code" || (userId !== caller.actor.id && !seesAll(caller))
        ? []
        : [{ id, kind, name, createdAt, lastUsedAt, expiresAt, current: id === caller.tokenId }],
    );
  }),
  revoke: os.auth.revoke.handler(async ({ input, context: { services, streams, caller } }) => {
    const token = await services.store.get("apiToken", { teamId: caller.teamId, id: input.id });
    if (token === undefined || (token.value.userId !== caller.actor.id && !seesAll(caller)))
      throw new CloudSmithError("not-found", "There is no such session", { fix: "List them: auth.sessions" });
    await services.credentials.revoke(caller.teamId, input.id);
    streams.endOf(input.id);
    await services.renewInstallToken(input.id);
    return { done: true as const };
  }),

  signOut: os.auth.signOut.handler(async ({ context: { services, streams, caller } }) => {
    await services.credentials.revoke(caller.teamId, caller.tokenId);
    streams.endOf(caller.tokenId);
    await services.renewInstallToken(caller.tokenId);
    return { done: true as const };
  }),
  signOutEverywhere: os.auth.signOutEverywhere.handler(async ({ input, context: { services, streams, caller } }) => {
    const person = { teamId: caller.teamId, userId: caller.actor.id };
    const ended = await services.credentials.revokeSessions(person, input.keepThis ? caller.tokenId : undefined);
    for (const id of ended) streams.endOf(id);
    return { ended: ended.length };
  }),
};
