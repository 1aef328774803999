import { recordActivity, roleOf, type Identity } from "@cloudsmith/authspire";
import { CloudSmithError, roleAllows, type Actor, type Permission, type Role } from "@cloudsmith/contracts";
import { contract } from "@cloudsmith/contracts/api";
import { implement } from "@orpc/server";
import type { AgentServices } from "../services.ts";
import { describeChange } from "./describe-change.ts";
import type { OnError } from "./error-answers.ts";
import type { LiveStreams } from "./live-streams.ts";

/** What every procedure gets with a request. */
export interface RequestContext {
  readonly services: AgentServices;
  readonly streams: LiveStreams;
  readonly identity: Identity | undefined;
  /** The request was made on this computer. */
  readonly isLoopback: boolean;
  readonly correlationId: string;
  /** W3C trace context of the caller, where it sent one. */
  readonly traceparent: string | undefined;
  readonly onError: OnError;
}

/** The same after sign-in was checked. */
export interface Caller {
  readonly teamId: string;
  readonly actor: Actor;
  readonly role: Role;
  readonly tokenId: string;
}

const anonymous: Caller = { teamId: "", actor: { type: "system", id: "", name: "" }, role: "viewer", tokenId: "" };

const root = implement(contract).$context<RequestContext>();

/** Checks the permission that the procedure's contract declares, and writes down what changed something. */
export const os = root.use(async ({ context, next, procedure, path }, input) => {
  const { permission, audited } = procedure["~orpc"].meta;
  const caller = permission === "public" ? anonymous : await authorize(context, permission);
  const result = await next({ context: { caller } });
  if (audited) await audit(context, caller, path.join("."), { input, output: result.output });
  return result;
});

/** Who asks, where their role allows it. Throws `not-signed-in` and `forbidden`. */
export async function authorize({ identity, services }: RequestContext, permission: Permission): Promise<Caller> {
  if (identity === undefined) {
    throw new CloudSmithError("not-signed-in", "You are not signed in", {
      why: "The request carried no valid session or token",
      fix: "Run `cloudsmith open --ui` to sign a browser in",
    });
  }
  const role = await roleOf(services.store, identity);
  if (role === undefined || !roleAllows(role, permission)) {
    throw new CloudSmithError("forbidden", "Your role does not allow this", {
      why: `It needs the permission ${permission}`,
      fix: "Ask an owner of the team",
    });
  }
  const actor: Actor = {
    type: identity.token.kind === "token" ? "token" : "user",
    id: identity.userId,
    name: identity.token.name,
  };
  return { teamId: identity.teamId, actor, role, tokenId: identity.token.id };
}

async function audit(
  { services }: RequestContext,
  caller: Caller,
  action: string,
  change: { input: unknown; output: unknown },
): Promise<void> {
  await recordActivity(services.store, {
    teamId: caller.teamId,
    actor: caller.actor,
    action,
    ...describeChange(change),
    now: services.now(),
  });
}
