import type { ErrorBody } from "@cloudsmith/contracts";
import { ORPCError } from "@orpc/client";

/** What was thrown by a call, in the shape that people read. What says nothing of its own came from the network. */
export function errorBodyOf(thrown: unknown): ErrorBody {
  if (thrown instanceof ORPCError && isErrorBody(thrown.data)) return thrown.data;
  if (thrown instanceof ORPCError) return { code: "internal", message: thrown.message };
  return {
    code: "agent-unreachable",
    message: "CloudSmith does not answer",
    cause: thrown instanceof Error ? thrown.message : String(thrown),
    fix: "It is tried again by itself. If it stays away, start it: cloudsmith agent start",
  };
}

function isErrorBody(data: unknown): data is ErrorBody {
  return typeof data === "object" && data !== null && "code" in data && "message" in data;
}

export function isNotSignedIn(thrown: unknown): boolean {
  return thrown instanceof ORPCError && thrown.code === "not-signed-in";
}

/** Whether asking again could give another answer: the agent was away. */
export function isPassing(thrown: unknown): boolean {
  return errorBodyOf(thrown).code === "agent-unreachable";
}
