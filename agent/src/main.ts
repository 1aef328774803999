import { agentAlreadyRunning, CloudSmithError, toCloudSmithError } from "@cloudsmith/contracts";
import { gitHubDotCom, gitHubServer } from "@cloudsmith/github";
import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { lockInstall } from "./compose/install-lock.ts";
import { agentLog } from "./operate/agent-log.ts";
import { dataFolder, pathsOf } from "./paths.ts";
import { startAgent } from "./start-agent.ts";

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

  const stopped = Promise.withResolvers<"keep" | "stop">();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stopped.resolve("keep"));
  const agent = await startAgent({
    paths,
    port: Number(values.port ?? defaultPort),
    onError,
    onShutdown: (apps) => stopped.resolve(apps),
    ...(values["proxy-port"] !== undefined && { proxyPort: Number(values["proxy-port"]) }),
    github: gitHubServer(process.env["CLOUDSMITH_GITHUB_URL"] ?? gitHubDotCom.web),
    ...(values.builds !== undefined && { builds: Number(values.builds) }),
  });
  log.info({ url: agent.services.info().url }, "ready");

  const apps = await stopped.promise;
  log.info({ apps }, "stopping");
  await agent.stop(apps);
  lock.release();
}

try {
  await main();
  process.exit(0);
} catch (thrown) {
  const error = toCloudSmithError(thrown);
  process.stderr.write(`${error.message}${error.why === undefined ? "" : `: ${error.why}`}\n${error.fix ?? ""}\n`);
  process.exit(error instanceof CloudSmithError && error.code === "agent-running" ? agentAlreadyRunning : 1);
}
