import type { Failure } from "@cloudsmith/contracts";
import { withBestLines } from "./best-lines.ts";
import type { Facts } from "./cause-row.ts";
import { causeTexts } from "./cause-texts.ts";
import type { DiagnoseInput } from "./diagnose.ts";

const loopback = /^(?:127\.|::1$|\[::1\]$|localhost$|::ffff:127\.)/;

/** What was seen of the machine and the app's sockets says more than any words. */
export function explainByFacts(
  { facts, plan, exit }: DiagnoseInput,
  lines: readonly string[],
  running: boolean,
): Failure | undefined {
  if (facts === undefined) return undefined;
  if (facts.diskFull === true)
    return withBestLines(lines, { code: "disk-full", message: "The disk is full", fix: causeTexts["disk-full"].fix });
  if (facts.outOfMemory === true) {
    const name = running ? "memoryMb" : "buildMemoryMb";
    const limit = plan.limits[name];
    return withBestLines(lines, {
      code: "out-of-memory",
      message: `${running ? "The app" : "The build"} needed more memory than it may use${limit === null ? "" : ` (${limit} MB)`} and was stopped`,
      fix: `Give it more memory (limits.${name} in cloudsmith.json or the project's settings)`,
      ...(limit !== null && { suggestion: { limits: { [name]: limit * 2 } } }),
    });
  }
  return exit === undefined && facts.container === true ? explainSockets(facts, lines) : undefined;
}

/** Only in containers: on this machine an app is found wherever it listens. */
function explainSockets({ listening = [], port }: Facts, lines: readonly string[]): Failure | undefined {
  if (listening.length === 0) return undefined;
  const where = listening.map((socket) => `${socket.host}:${socket.port}`).join(", ");
  const open = listening.filter(({ host }) => !loopback.test(host));
  if (open.length === 0)
    return withBestLines(lines, {
      code: "localhost-only",
      message: `The app listens on ${where} only, which nothing outside its container reaches`,
      fix: causeTexts["localhost-only"].fix,
      suggestion: { env: { HOST: "0.0.0.0", HOSTNAME: "0.0.0.0" } },
    });
  const [first] = open;
  if (port === undefined || first === undefined || open.some((socket) => socket.port === port)) return undefined;
  return withBestLines(lines, {
    code: "port-wrong",
    message: `The app listens on ${where} and not on ${port}, which PORT says`,
    fix: causeTexts["port-wrong"].fix,
    suggestion: { port: first.port },
  });
}
