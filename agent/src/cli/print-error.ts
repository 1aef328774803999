import { CloudSmithError, ErrorBody, errorFacts, toCloudSmithError, toErrorBody } from "@cloudsmith/contracts";
import { ORPCError } from "@orpc/client";
import type { Output } from "./output.ts";
import { asTyped } from "./run-as.ts";
import { terminalSafe } from "./terminal-safe.ts";

/** Prints what went wrong, why and what to do (in JSON: `{ "error": … }`) and answers the exit code. */
export function printError(out: Output, thrown: unknown): number {
  const body = errorBodyOf(thrown);
  if (out.json) process.stdout.write(`${JSON.stringify({ error: body })}\n`);
  else process.stderr.write(`${describeError(out, body).map(terminalSafe).join("\n")}\n`);
  return errorFacts(body.code).exit;
}

/** The error's body: as the API sent it, or made from what was thrown here. */
export function errorBodyOf(thrown: unknown): ErrorBody {
  if (thrown instanceof ORPCError) {
    const parsed = ErrorBody.safeParse(thrown.data);
    if (parsed.success) return parsed.data;
    return toErrorBody(toCloudSmithError(new Error(`${thrown.code}: ${thrown.message}`)));
  }
  return toErrorBody(toCloudSmithError(unreachable(thrown) ?? thrown));
}

/** `fetch` says "fetch failed" and hides the reason; a person needs to hear that the agent is gone. */
function unreachable(thrown: unknown): CloudSmithError | undefined {
  if (!(thrown instanceof TypeError) || !/fetch failed|terminated/.test(thrown.message)) return undefined;
  const why = thrown.cause instanceof Error ? thrown.cause.message : thrown.message;
  return new CloudSmithError("agent-unreachable", "The CloudSmith agent does not answer", {
    why: why === "" ? "The connection was closed" : why,
    fix: "Run the command again; `cloudsmith agent status` tells more",
    cause: thrown,
  });
}

/** An error as lines for people. */
export function describeError({ colors }: Output, body: ErrorBody): string[] {
  const row = (name: string, text: string | undefined): string[] =>
    text === undefined ? [] : [`  ${colors.dim(name.padEnd(5))} ${asTyped(text).replaceAll("\n", "\n        ")}`];
  return [
    `${colors.red("✖")} ${colors.bold(body.message)}`,
    ...row("why", body.cause),
    ...row("fix", body.fix),
    ...row("more", body.docs),
    ...row("code", body.correlationId === undefined ? body.code : `${body.code} (${body.correlationId})`),
  ];
}
