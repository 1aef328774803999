import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { chmodSync, rmSync } from "node:fs";
import { CloudSmithError, errorFacts, toCloudSmithError, toErrorBody } from "@cloudsmith/contracts";
import { KeeperDesired, MetricsQuery, type MetricsPoint } from "../protocol.ts";
import type { Keeper } from "./keeper.ts";
import { createServer } from "./node-http.ts";

const longestBody = 64e6;
/** Changes within this time are told as one. */
const coalesceMs = 50;

export interface ControlOptions {
  readonly socket: string;
  readonly keeper: Keeper;
  readonly metrics: (query: MetricsQuery) => MetricsPoint[];
  readonly onShutdown: () => Promise<void>;
}

/**
 * Listens for the agent on a local socket that only its owner can open. The caller holds the data folder's lock, so a socket file
 * that is there already belongs to nobody.
 */
export async function startControlServer(options: ControlOptions): Promise<Server> {
  const server = createServer((request, response) => void answer(request, response, options));
  if (process.platform !== "win32") rmSync(options.socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.socket, resolve);
  });
  if (process.platform !== "win32") chmodSync(options.socket, 0o600);
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, options: ControlOptions): Promise<void> {
  try {
    switch (`${request.method} ${request.url}`) {
      case "GET /status":
        return sendJson(response, 200, options.keeper.status());
      case "GET /watch":
        return watch(response, options.keeper);
      case "POST /apply":
        return sendJson(response, 200, await options.keeper.apply(KeeperDesired.parse(await readJson(request))));
      case "POST /metrics":
        return sendJson(response, 200, options.metrics(MetricsQuery.parse(await readJson(request))));
      case "POST /shutdown":
        await options.onShutdown();
        return sendJson(response, 200, {});
      default:
        throw new CloudSmithError("not-found", "The keeper knows no such request");
    }
  } catch (thrown) {
    const error = isZodError(thrown)
      ? new CloudSmithError("invalid-input", "The keeper was asked for something it cannot read", {
          why: thrown.message,
        })
      : toCloudSmithError(thrown);
    if (!response.headersSent) sendJson(response, errorFacts(error.code).status, toErrorBody(error));
  }
}

function isZodError(thrown: unknown): thrown is Error {
  return thrown instanceof Error && thrown.name === "ZodError";
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** A line of JSON per status: one now, then one after each change; a reader that is slow gets the newest only. */
function watch(response: ServerResponse, keeper: Keeper): void {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  let timer: NodeJS.Timeout | null = null;
  let canWrite = true;
  let isPending = false;
  const write = () => {
    timer = null;
    isPending = !canWrite;
    if (canWrite) canWrite = response.write(`${JSON.stringify(keeper.status())}\n`);
  };
  response.on("drain", () => {
    canWrite = true;
    if (isPending) write();
  });
  const forget = keeper.onChange(() => {
    timer ??= setTimeout(write, coalesceMs);
  });
  response.on("close", () => {
    forget();
    if (timer !== null) clearTimeout(timer);
  });
  write();
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // Without an encoding set, the chunks of a request are buffers.
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > longestBody) throw new CloudSmithError("too-large", "The request to the keeper is too large");
    chunks.push(bytes);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
