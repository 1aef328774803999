import type { Failure } from "@cloudsmith/contracts";
import { commandText } from "../plan/draft.ts";
import { withBestLines } from "./best-lines.ts";
import { causeTexts } from "./cause-texts.ts";
import type { DiagnoseInput } from "./diagnose.ts";
import type { Scope } from "./scopes.ts";

type Exit = NonNullable<DiagnoseInput["exit"]>;

/** Why a start or a release command failed where its log names no known cause. */
export function explainRun(lines: readonly string[], input: DiagnoseInput, scopes: readonly Scope[]): Failure {
  const { exit, facts, stage } = input;
  const from = scopes[0]?.from ?? 0;
  if (stage === "releasing")
    return withBestLines(
      lines,
      {
        code: "release-command-failed",
        message: `The release command failed${exitText(exit)}`,
        fix: causeTexts["release-command-failed"].fix,
      },
      from,
    );
  if (facts?.httpStatus !== undefined && facts.httpStatus >= 400) return explainAnswer(lines, input, facts.httpStatus);
  if (facts?.timedOut === true) return explainSilence(lines, input);
  if (exit !== undefined) return explainExit(lines, input, exit, from);
  return withBestLines(
    lines,
    {
      code: "crashed",
      message: "The app stopped working, and the cause is none that CloudSmith knows",
      fix: causeTexts.crashed.fix,
    },
    from,
  );
}

/** The last is what Django answers in production, where it logs nothing. */
const hostRefusal =
  /Invalid Host header|Blocked request\. This host|DisallowedHost|Invalid HTTP_HOST header|Blocked hosts?:|<h1>Bad Request \(400\)<\/h1>/;

/** Whether an error page says that the app does not allow the host name it was asked under. */
export function isRefusedHost(body: string): boolean {
  return hostRefusal.test(body);
}

function explainAnswer(lines: readonly string[], { plan, facts }: DiagnoseInput, status: number): Failure {
  const path = plan.health.path;
  if (isRefusedHost(facts?.httpBody ?? ""))
    return withBestLines(lines, {
      code: "host-not-allowed",
      message: `The app refuses requests for its host name (status ${status})`,
      fix: causeTexts["host-not-allowed"].fix,
    });
  if (status >= 500)
    return withBestLines(lines, {
      code: "health-server-error",
      message: `The app answers ${path} with status ${status}`,
      fix: causeTexts["health-server-error"].fix,
    });
  const why = status === 401 || status === 403 ? ": it wants a sign-in" : "";
  return withBestLines(lines, {
    code: "health-client-error",
    message: `The app answers ${path} with status ${status}${why}`,
    fix: causeTexts["health-client-error"].fix,
    ...(path !== "/" && { suggestion: { health: { path: "/" } } }),
  });
}

/** What the keeper writes into an app's log when it has ended; no word of the app's. */
const keeperSays = /^The app (?:ended: (?:exit code \d+|SIG[A-Z]+)|could not be started)$/;

function explainExit(lines: readonly string[], { plan }: DiagnoseInput, exit: Exit, from: number): Failure {
  const { expects } = plan;
  const start = plan.serve.type === "process" ? commandText(plan.serve.start) : "the start command";
  if (exit.signal === "SIGKILL" || exit.code === 137)
    return withBestLines(lines, {
      code: "crashed",
      message: "The app was killed from outside (SIGKILL), most often for want of memory",
      fix: "If it needs more memory than the machine or its limit has, give it more (limits.memoryMb)",
    });
  if (exit.code === 127)
    return withBestLines(lines, {
      code: "start-command-not-found",
      message: `The start command was not found: ${start}`,
      fix: causeTexts["start-command-not-found"].fix,
    });
  if (lines.every((line) => line.trim() === "" || keeperSays.test(line)))
    return {
      code: "exits-silently",
      message: `The app ended without a word${exitText(exit)}`,
      fix:
        exit.code === 0 || expects.length === 0
          ? `Check that ${start} starts a server and keeps running; a script that only exports an app does not`
          : `It may need what the repository's example names and has no value: ${expects.slice(0, 12).join(", ")}. Let it log errors to the console to see`,
    };
  if (exit.code === 0)
    return withBestLines(lines, {
      code: "exits-at-start",
      message: "The app ended by itself and in good order: it is no server, or it does not stay",
      fix: `Check that ${start} starts a server and keeps running`,
    });
  return withBestLines(
    lines,
    {
      code: "exits-at-start",
      message: `The app ended while it started${exitText(exit)}`,
      fix: causeTexts["exits-at-start"].fix,
    },
    from,
  );
}

function explainSilence(lines: readonly string[], { plan, facts }: DiagnoseInput): Failure {
  const listening = facts?.listening ?? [];
  const suggestion = { health: { startSeconds: Math.min(900, plan.health.startSeconds * 3) } };
  if (listening.length === 0)
    return withBestLines(lines, {
      code: "port-not-bound",
      message: `The app did not listen on any port within ${plan.health.startSeconds} s`,
      fix: causeTexts["port-not-bound"].fix,
      suggestion,
    });
  const where = listening.map(({ host, port }) => `${host}:${port}`).join(", ");
  return withBestLines(lines, {
    code: "health-timeout",
    message: `The app listens on ${where} and did not answer ${plan.health.path} within ${plan.health.startSeconds} s`,
    fix: causeTexts["health-timeout"].fix,
    suggestion,
  });
}

function exitText(exit: Exit | undefined): string {
  if (exit?.signal != null) return ` (signal ${exit.signal})`;
  return exit?.code == null ? "" : ` (exit code ${exit.code})`;
}
