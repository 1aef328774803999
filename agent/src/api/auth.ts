import { os } from "./base.ts";

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
    return tokens.flatMap(({ kind, id, name, createdAt, lastUsedAt, expiresAt }) =>
      kind === "code" ? [] : [{ id, kind, name, createdAt, lastUsedAt, expiresAt, current: id === caller.tokenId }],
    );
  }),
  revoke: os.auth.revoke.handler(async ({ input, context: { services, caller } }) => {
    await services.credentials.revoke(caller.teamId, input.id);
    return { done: true as const };
  }),
};
