import { CloudSmithError, errorFacts, toCloudSmithError, toErrorBody, type ErrorBody } from "@cloudsmith/contracts";
import { ORPCError } from "@orpc/server";
import type { FastifyReply, FastifyRequest } from "fastify";

/** Told of every error that is a bug of ours, with the id that its caller got. */
export type OnError = (error: unknown, correlationId?: string) => void;

/** What oRPC itself throws around a procedure, as codes of ours. */
const frameworkErrors: Record<string, () => CloudSmithError> = {
  BAD_REQUEST: () => new CloudSmithError("invalid-input", "The request could not be read", { fix: "Send JSON" }),
  NOT_FOUND: nothingHere,
  METHOD_NOT_SUPPORTED: nothingHere,
  PAYLOAD_TOO_LARGE: tooLarge,
};

export function nothingHere(): CloudSmithError {
  return new CloudSmithError("not-found", "There is nothing at this address", { fix: "See /api for what there is" });
}

function tooLarge(): CloudSmithError {
  return new CloudSmithError("too-large", "The request is too large", { fix: "Send less at once" });
}

/** The body that a caller gets for anything thrown. What was thrown by a bug stays in the log, under the correlation id. */
export function answerFor(thrown: unknown, correlationId: string, onError: OnError): ErrorBody {
  const error = ownError(thrown);
  if (error.code !== "internal") return toErrorBody(error, correlationId);
  onError(thrown, correlationId);
  const { cause: _, ...told } = toErrorBody(error, correlationId);
  return told;
}

function ownError(thrown: unknown): CloudSmithError {
  if (!(thrown instanceof ORPCError)) return toCloudSmithError(thrown);
  if (thrown.code === "BAD_REQUEST" && issuesOf(thrown.data) !== undefined) {
    return new CloudSmithError("invalid-input", "The request is not valid", {
      why: issuesOf(thrown.data),
      fix: "Correct it and try again",
    });
  }
  return frameworkErrors[thrown.code]?.() ?? toCloudSmithError(thrown);
}

/** Which fields a request has wrong, and how. */
function issuesOf(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || !("issues" in data) || !Array.isArray(data.issues)) return undefined;
  return data.issues
    .slice(0, 5)
    .map(
      (issue: { message?: unknown; path?: unknown }) =>
        `${Array.isArray(issue.path) && issue.path.length > 0 ? issue.path.map(String).join(".") : "input"}: ${String(issue.message)}`,
    )
    .join("; ");
}

/** Anything thrown as the one typed error of the API. Errors that are that already stay. */
export function toOrpcError(thrown: unknown, correlationId: string, onError: OnError): ORPCError<string, unknown> {
  if (thrown instanceof ORPCError && thrown.defined) return thrown;
  const body = answerFor(thrown, correlationId, onError);
  const { status } = errorFacts(body.code);
  return new ORPCError(body.code, { defined: true, status, message: body.message, data: body, cause: thrown });
}

/** Ends a request with an error, in the shape of the handler whose address it went to. */
export function refuse(request: FastifyRequest, reply: FastifyReply, thrown: unknown, onError: OnError): FastifyReply {
  const body = answerFor(fastifyError(thrown), request.id, onError);
  const { status } = errorFacts(body.code);
  const isRpc = request.url.startsWith("/rpc/");
  return reply
    .status(status)
    .send(isRpc ? { json: { defined: true, code: body.code, status, message: body.message, data: body } } : body);
}

/** Errors that Fastify throws before a handler runs. */
function fastifyError(thrown: unknown): unknown {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return tooLarge();
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE")
    return new CloudSmithError("invalid-input", "This kind of content is not understood", {
      why: "The content type is not application/json",
      fix: "Send JSON with `Content-Type: application/json`",
    });
  if (code === "FST_ERR_BAD_URL") return nothingHere();
  return thrown;
}
