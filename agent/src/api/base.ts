import { recordActivity, roleOf, type Identity } from "@cloudsmith/authspire";
import {
  CloudSmithError,
  errorFacts,
  roleAllows,
  toCloudSmithError,
  toErrorBody,
  type Actor,
  type Role,
} from "@cloudsmith/contracts";
import { contract } from "@cloudsmith/contracts/api";
import { implement, ORPCError } from "@orpc/server";
import type { AgentServices } from "../services.ts";
import type { LiveStreams } from "./live-streams.ts";

/** What every procedure gets with a request. */
export interface RequestContext {
  readonly services: AgentServices;
  readonly streams: LiveStreams;
  readonly identity: Identity | undefined;
  readonly correlationId: string;
  /** W3C trace context of the caller, where it sent one. */
  readonly traceparent: string | undefined;
  readonly onError: (error: CloudSmithError, correlationId: string) => void;
}

/** The same after sign-in was checked. */
export interface Caller {
  readonly teamId: string;
  readonly actor: Actor;
  readonly role: Role;
  readonly tokenId: string;
}

const anonymous: Caller = { teamId: "", actor: { type: "system", id: "", name: "" }, role: "viewer", tokenId: "" };

/** Turns what was thrown into the one error shape of the API. */
function toOrpcError(thrown: unknown, context: RequestContext): ORPCError<string, unknown> {
  if (thrown instanceof ORPCError && thrown.code === "BAD_REQUEST") return inputError(thrown, context);
  if (thrown instanceof ORPCError) return thrown;
  const error = toCloudSmithError(thrown);
  if (error.code === "internal") context.onError(error, context.correlationId);
  return new ORPCError(error.code, {
    status: errorFacts(error.code).status,
    message: error.message,
    data: toErrorBody(error, context.correlationId),
    cause: error,
  });
}

function inputError(thrown: ORPCError<string, unknown>, context: RequestContext): ORPCError<string, unknown> {
  const error = new CloudSmithError("invalid-input", "The request is not valid", {
    why: issuesOf(thrown.data),
    fix: "Correct it and try again",
  });
  return new ORPCError(error.code, {
    status: 400,
    message: error.message,
    data: toErrorBody(error, context.correlationId),
  });
}

function issuesOf(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || !("issues" in data) || !Array.isArray(data.issues)) return undefined;
  return data.issues
    .slice(0, 5)
    .map(
      (issue: { message?: unknown; path?: unknown }) =>
        `${Array.isArray(issue.path) ? issue.path.join(".") : "input"}: ${String(issue.message)}`,
    )
    .join("; ");
}

const root = implement(contract).$context<RequestContext>();

/** Wraps errors, checks the permission that the procedure's contract declares, and writes down what changed something. */
export const os = root
  .use(async ({ context, next }) => {
    try {
      return await next();
    } catch (error) {
      throw toOrpcError(error, context);
    }
  })
  .use(async ({ context, next, procedure, path }, input) => {
    const { permission, audited } = procedure["~orpc"].meta;
    const caller = permission === "public" ? anonymous : await authorize(context, permission);
    const result = await next({ context: { caller } });
    if (audited) await audit(context, caller, path.join("."), input);
    return result;
  });

async function authorize(context: RequestContext, permission: Parameters<typeof roleAllows>[1]): Promise<Caller> {
  const { identity, services } = context;
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

async function audit(context: RequestContext, caller: Caller, action: string, input: unknown): Promise<void> {
  const { services } = context;
  await recordActivity(services.store, {
    teamId: caller.teamId,
    actor: caller.actor,
    action,
    ...subjectOf(input),
    detail: detailOf(input),
    now: services.now(),
  });
}

/** What an action was about. Only names and ids are taken: an input may hold values of secrets. */
function subjectOf(input: unknown): { projectId: string | null; subject: string } {
  const text = (key: string): string | undefined => {
    if (typeof input !== "object" || input === null || !(key in input)) return undefined;
    const value: unknown = Object.getOwnPropertyDescriptor(input, key)?.value;
    return typeof value === "string" ? value : undefined;
  };
  const project = text("project");
  return {
    projectId: project?.startsWith("prj_") === true ? project : null,
    subject: [project, text("environment"), text("deployment"), text("id")]
      .filter((part) => part !== undefined)
      .join(" "),
  };
}

/** Names that were set and unset, never their values. */
function detailOf(input: unknown): string {
  if (typeof input !== "object" || input === null) return "";
  const set = "set" in input && typeof input.set === "object" && input.set !== null ? Object.keys(input.set) : [];
  const unset = "unset" in input && Array.isArray(input.unset) ? input.unset.map(String) : [];
  const name = "name" in input && typeof input.name === "string" ? [`name ${input.name}`] : [];
  return [...name, ...set.map((each) => `set ${each}`), ...unset.map((each) => `unset ${each}`)].join(", ");
}
