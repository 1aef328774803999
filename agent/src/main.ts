import { localTeam } from "@cloudsmith/authspire";
import { CloudSmithError, toCloudSmithError } from "@cloudsmith/contracts";
import { apiVersion } from "@cloudsmith/contracts/api";
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { startServer } from "./api/server.ts";
import { uiHost } from "./api/same-site.ts";
import { readConnection, removeConnection, writeConnection } from "./compose/connection-file.ts";
import { startEmbedded } from "./compose/embedded.ts";
import { lockInstall } from "./compose/install-lock.ts";
import { agentLog } from "./operate/agent-log.ts";
import { dataFolder, pathsOf } from "./paths.ts";
import type { AgentServices } from "./services.ts";
import { version } from "./version.ts";

/** Exit code that says: another agent has this data folder. */
const alreadyRunning = 75;
const defaultPort = 7420;

/** The agent process: `agent --data DIR [--port N]`. Runs until it is told to stop. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      port: { type: "string" },
      "proxy-port": { type: "string" },
      builds: { type: "string" },
    },
  });
  const paths = pathsOf(values.data ?? dataFolder());
  mkdirSync(paths.home, { recursive: true, mode: 0o700 });
  const lock = lockInstall(paths.home);
  const log = agentLog();
  const onError = (error: unknown, correlationId?: string): void => log.error({ err: error, correlationId }, "error");
  process.on("unhandledRejection", (reason) => onError(reason));

  const stopping = new AbortController();
  const stopped = Promise.withResolvers<"keep" | "stop">();
  const startedAt = new Date().toISOString();
  let url = "";
  const info: AgentServices["info"] = () => ({
    version,
    apiVersion,
    mode: "embedded",
    url,
    pid: process.pid,
    startedAt,
  });
  const embedded = await startEmbedded({
    paths,
    info,
    onError,
    onShutdown: (apps) => stopped.resolve(apps),
    ...(values["proxy-port"] !== undefined && { proxyPort: Number(values["proxy-port"]) }),
    ...(values.builds !== undefined && { builds: Number(values.builds) }),
  });
  const { app, port } = await startServer({
    services: embedded.services,
    port: Number(values.port ?? defaultPort),
    signal: stopping.signal,
    onError,
  });
  url = `http://${uiHost}:${port}`;
  const token = await installToken(embedded.services, paths.connection);
  await writeConnection(paths.connection, {
    url: `http://127.0.0.1:${port}`,
    pid: process.pid,
    token,
    version,
    apiVersion,
  });
  log.info({ url, pid: process.pid }, "ready");

  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stopped.resolve("keep"));
  const apps = await stopped.promise;
  log.info({ apps }, "stopping");
  stopping.abort();
  await app.close();
  await embedded.stop(apps);
  await removeConnection(paths.connection);
  lock.release();
}

/** The installation's bearer token: the one of the last run while it is still known, else a new one. */
async function installToken(services: AgentServices, file: string): Promise<string> {
  const last = await readConnection(file);
  if (last !== undefined && (await services.credentials.identify(last.token)) !== undefined) return last.token;
  const value = randomBytes(32).toString("base64url");
  await services.credentials.issue({ kind: "token", ...localTeam, name: "this computer", value });
  return value;
}

try {
  await main();
  process.exit(0);
} catch (thrown) {
  const error = toCloudSmithError(thrown);
  process.stderr.write(`${error.message}${error.why === undefined ? "" : `: ${error.why}`}\n${error.fix ?? ""}\n`);
  process.exit(error instanceof CloudSmithError && error.code === "agent-running" ? alreadyRunning : 1);
}
