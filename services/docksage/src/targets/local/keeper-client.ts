import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync, truncateSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { join, resolve as resolvePath } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CloudSmithError, ErrorBody } from "@cloudsmith/contracts";
import * as z from "zod";
import { startTimeOf } from "./keeper/processes/process-table.ts";
import { ensureKeeperFolder, keeperSocket } from "./keeper-address.ts";
import {
  KeeperStatus,
  MetricsPoint,
  keeperProtocolVersion,
  type KeeperDesired,
  type MetricsQuery,
} from "./protocol.ts";

/** The agent's hand on the keeper: the separate process that owns proxy, apps and their logs. */
export interface Keeper {
  /**
   * Replaces the whole desired state; asked again, nothing happens. Resolves when the routes have switched, all at once; apps start and end in the background.
   * @throws `conflict` for a generation older than the last, `invalid-input`, `keeper-unreachable`.
   */
  apply(desired: KeeperDesired, signal?: AbortSignal): Promise<KeeperStatus>;
  status(signal?: AbortSignal): Promise<KeeperStatus>;
  /** A status now and after each change, at most every 50 ms. Throws `keeper-unreachable` when the keeper goes away; ends quietly by the signal. */
  watch(signal: AbortSignal): AsyncIterable<KeeperStatus>;
  /** Traffic and load of a release or an environment, a point per step, oldest first. */
  metrics(query: MetricsQuery, signal?: AbortSignal): Promise<MetricsPoint[]>;
  /** Ends every app gracefully, then the keeper. Resolves when both are gone. */
  shutdown(): Promise<void>;
}

export interface ConnectKeeperOptions {
  readonly dataDir: string;
  /** The argv that starts a keeper; `--data` and `--port` are added. */
  readonly command: readonly string[];
  /** Environment of a keeper that is started; the caller's own by default. Apps never inherit it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly proxyPort?: number;
  readonly signal: AbortSignal;
  /** False: only one that runs already counts. */
  readonly start?: boolean;
}

const startLimitMs = 15_000;
const requestLimitMs = 30_000;
/** Ending takes the apps' grace of 10 s and what it takes to kill the rest. */
const shutdownLimitMs = 30_000;
const longestKeeperLog = 5e6;
const alreadyRunning = 75;

/**
 * Finds the running keeper of a data folder, or starts a detached one that outlives this process, and waits until it answers.
 * @throws `keeper-unreachable` when there is none and none could be started, `version-mismatch` when it speaks another protocol.
 */
export async function connectKeeper(options: ConnectKeeperOptions): Promise<Keeper> {
  const folder = ensureKeeperFolder(options.dataDir);
  const socket = keeperSocket(options.dataDir);
  const keeper = createClient(socket);
  if (await isAnswering(keeper, options.signal)) return keeper;
  if (options.start === false) throw unreachable("No keeper runs for this data folder");
  const child = startDetached(options, folder);
  const limit = AbortSignal.any([options.signal, AbortSignal.timeout(startLimitMs)]);
  for (;;) {
    if (await isAnswering(keeper, options.signal)) return keeper;
    const code = child.exitCode();
    if (code !== null && code !== alreadyRunning)
      throw unreachable(`The keeper ended with exit code ${code}: ${tailOf(child.logPath)}`);
    if (limit.aborted)
      throw unreachable(
        options.signal.aborted
          ? "Canceled while the keeper was starting"
          : `The keeper did not answer in time: ${tailOf(child.logPath)}`,
      );
    await delay(20, undefined, { signal: limit }).catch(() => undefined);
  }
}

async function isAnswering(keeper: Keeper, signal: AbortSignal): Promise<boolean> {
  try {
    await keeper.status(signal);
    return true;
  } catch (error) {
    if (error instanceof CloudSmithError && error.code === "keeper-unreachable") return false;
    throw error;
  }
}

function startDetached(
  options: ConnectKeeperOptions,
  folder: string,
): { exitCode: () => number | null; logPath: string } {
  const [command, ...args] = options.command;
  if (command === undefined)
    throw new CloudSmithError("component-missing", "The command that starts the keeper is empty");
  const logPath = join(folder, "keeper.log");
  const log = openSync(logPath, "a", 0o600);
  if (statSync(logPath).size > longestKeeperLog) truncateSync(logPath);
  const port = options.proxyPort === undefined ? [] : ["--port", String(options.proxyPort)];
  const child = spawn(command, [...args, "--data", resolvePath(options.dataDir), ...port], {
    cwd: folder,
    detached: true,
    // One arena of glibc's allocator: each thread's own keeps what it once needed, megabytes that the keeper never uses again.
    env: { ...(options.env ?? process.env), MALLOC_ARENA_MAX: "1" },
    stdio: ["ignore", log, log],
    windowsHide: true,
  });
  closeSync(log);
  let failed = false;
  child.once("error", () => (failed = true));
  child.unref();
  return { exitCode: () => (failed ? -1 : (child.exitCode ?? (child.signalCode === null ? null : -1))), logPath };
}

function tailOf(path: string): string {
  return readFileSync(path, "utf8").slice(-2000).trim() || "it printed nothing";
}

function unreachable(why: string, cause?: unknown): CloudSmithError {
  return new CloudSmithError("keeper-unreachable", "The keeper that runs the apps cannot be reached", {
    why,
    fix: "Try again; `cloudsmith doctor` looks for what is in its way",
    cause,
  });
}

function createClient(socket: string): Keeper {
  const call = async <T>(
    method: string,
    path: string,
    schema: z.ZodType<T>,
    body: unknown,
    signal: AbortSignal,
  ): Promise<T> => {
    const response = await send(socket, method, path, body, signal);
    const text = await readText(response).catch((error: unknown) => {
      throw signal.aborted ? error : unreachable("the connection broke", error);
    });
    if (response.statusCode === 200) return schema.parse(JSON.parse(text));
    const error = ErrorBody.safeParse(JSON.parse(text)).data;
    throw error === undefined
      ? unreachable(`it answered ${response.statusCode}`)
      : new CloudSmithError(error.code, error.message, { why: error.cause, fix: error.fix });
  };
  return {
    apply: (desired, signal) => call("POST", "/apply", KeeperStatus, desired, bounded(requestLimitMs, signal)),
    status: async (signal) => {
      const status = await call("GET", "/status", AnyStatus, undefined, bounded(requestLimitMs, signal));
      checkVersion(status.version);
      return KeeperStatus.parse(status);
    },
    metrics: (query, signal) => call("POST", "/metrics", z.array(MetricsPoint), query, bounded(requestLimitMs, signal)),
    watch: (signal) => watch(socket, signal),
    shutdown: async () => {
      const signal = AbortSignal.timeout(shutdownLimitMs);
      const { pid } = await call("GET", "/status", KeeperStatus, undefined, signal);
      await call("POST", "/shutdown", z.object({}), {}, signal);
      while ((await startTimeOf(pid)) !== null) await delay(10, undefined, { signal });
    },
  };
}

/** What a keeper of any version answers. */
const AnyStatus = z.looseObject({ version: z.number() });

/** @throws `version-mismatch` */
function checkVersion(version: number): void {
  if (version === keeperProtocolVersion) return;
  throw new CloudSmithError("version-mismatch", "The keeper that runs is of another version", {
    why: `it speaks protocol ${version}, this is ${keeperProtocolVersion}`,
    fix: "Stop it with `cloudsmith agent stop --apps`, then start again",
  });
}

function bounded(limitMs: number, signal?: AbortSignal): AbortSignal {
  const limit = AbortSignal.timeout(limitMs);
  return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}

function send(
  socketPath: string,
  method: string,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        socketPath,
        method,
        path,
        signal,
        agent: false,
        headers: { host: "keeper", "content-type": "application/json" },
      },
      resolve,
    );
    request.on("error", (error) =>
      reject(signal.aborted && error.name === "AbortError" ? error : unreachable(error.message, error)),
    );
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  response.setEncoding("utf8");
  let text = "";
  for await (const chunk of response) text += chunk;
  return text;
}

async function* watch(socket: string, signal: AbortSignal): AsyncIterable<KeeperStatus> {
  try {
    const response = await send(socket, "GET", "/watch", undefined, signal);
    response.setEncoding("utf8");
    let text = "";
    for await (const chunk of response) {
      const lines = (text + chunk).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) yield KeeperStatus.parse(JSON.parse(line));
    }
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof CloudSmithError ? error : unreachable("the connection broke", error);
  }
  if (!signal.aborted) throw unreachable("the keeper ended");
}
