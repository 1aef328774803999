import { CloudSmithError, errorFacts, toCloudSmithError, toErrorBody } from "@cloudsmith/contracts";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { AgentConnection } from "../agent/connection.ts";

/** Where requests go; the supervisor is one. */
export interface AgentSource {
  connection(): Promise<AgentConnection>;
  lost(connection: AgentConnection): void;
  /** Its token is not good any more. */
  renew(connection: AgentConnection): Promise<void>;
}

/** What of a page's request reaches the agent; its origin and cookies do not, the token is added here. */
const passedOn = ["accept", "content-type", "last-event-id", "x-cloudsmith-api", "traceparent"];
/** What of the agent's answer reaches the page. */
const passedBack = ["content-type", "content-disposition", "cache-control", "retry-after", "x-correlation-id"];

/** Time for an agent that died to be there again, in milliseconds. */
const patienceMs = 30_000;
const drainLimitMs = 10_000;

/** Hands the page's requests to the agent with the token attached, and the answers back as they come: bytes are passed, not read. */
export class AgentGateway {
  readonly #source: AgentSource;
  readonly #sockets = new Agent({ keepAlive: true });
  #underWay = 0;
  #onDrained: (() => void)[] = [];

  constructor(source: AgentSource) {
    this.#source = source;
  }

  static isForAgent(pathname: string): boolean {
    return pathname.startsWith("/rpc/") || pathname.startsWith("/api/");
  }

  async handle(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const hasBody = request.method !== "GET" && request.method !== "HEAD";
    const body = hasBody ? Buffer.from(await request.arrayBuffer()) : undefined;
    try {
      const answer = await this.#send({ path: pathname + search, request, body });
      return toResponse(answer);
    } catch (error) {
      return refusal(pathname, toCloudSmithError(error));
    }
  }

  /** Resolves when no request is under way but streams, which come back by themselves; after 10 s it does not wait any longer. */
  async drained(): Promise<void> {
    if (this.#underWay === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, drainLimitMs);
      this.#onDrained.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Sends it to the agent of now; one that never arrived is sent again to the next agent. */
  async #send(parts: RequestParts): Promise<IncomingMessage> {
    const limit = Date.now() + patienceMs;
    for (let renewed = false; ;) {
      const agent = await this.#source.connection();
      this.#began();
      let isOver = false;
      const over = (): void => {
        if (!isOver) this.#ended();
        isOver = true;
      };
      try {
        const answer = await sendOnce(agent, parts, this.#sockets);
        // Refused before anything read it: signed in again, it is sent again, once.
        if (answer.statusCode === 401 && !renewed) {
          renewed = true;
          answer.resume();
          over();
          await this.#source.renew(agent);
          continue;
        }
        if (isStream(answer)) over();
        else answer.once("close", over);
        return answer;
      } catch (error) {
        over();
        this.#source.lost(agent);
        if (!(error instanceof NeverArrived) || Date.now() > limit) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  #began(): void {
    this.#underWay += 1;
  }

  #ended(): void {
    this.#underWay -= 1;
    if (this.#underWay > 0) return;
    for (const resolve of this.#onDrained.splice(0)) resolve();
  }
}

interface RequestParts {
  readonly path: string;
  readonly request: Request;
  readonly body: Buffer | undefined;
}

/** The agent cannot have seen the request, so that it may be sent again. */
class NeverArrived extends CloudSmithError {
  constructor(cause: unknown) {
    super("agent-unreachable", "CloudSmith's agent cannot be reached", { fix: "Try again in a moment", cause });
  }
}

function sendOnce(
  agent: AgentConnection,
  { path, request, body }: RequestParts,
  sockets: Agent,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = { authorization: `Bearer ${agent.token}` };
    for (const name of passedOn) {
      const value = request.headers.get(name);
      if (value !== null) headers[name] = value;
    }
    // What changes something takes a connection of its own: on a kept one that breaks nobody could tell whether it arrived.
    const changes = request.method !== "GET" && request.method !== "HEAD";
    const outgoing = httpRequest(agent.url + path, {
      method: request.method,
      headers,
      agent: changes ? false : sockets,
    });
    outgoing.on("response", resolve);
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      // A kept connection that the agent closed meanwhile counts as one that was never made.
      const neverArrived = error.code === "ECONNREFUSED" || (outgoing.reusedSocket && error.code === "ECONNRESET");
      reject(neverArrived ? new NeverArrived(error) : broken(error));
    });
    outgoing.end(body);
  });
}

function broken(cause: Error): CloudSmithError {
  return new CloudSmithError("agent-unreachable", "CloudSmith's agent ended before it answered", {
    why: cause.message,
    fix: "Look whether it was done, then try again",
    cause,
  });
}

function isStream(answer: IncomingMessage): boolean {
  return answer.headers["content-type"]?.startsWith("text/event-stream") === true;
}

function toResponse(answer: IncomingMessage): Response {
  const headers = new Headers({ "x-content-type-options": "nosniff" });
  for (const name of passedBack) {
    const value = answer.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  const status = answer.statusCode ?? 502;
  if (status === 204 || status === 304) {
    answer.resume();
    return new Response(null, { status, headers });
  }
  // The types of the web and of Node name one and the same class.
  return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, { status, headers });
}

/** An error in the shape of the handler that the request was for. */
function refusal(pathname: string, error: CloudSmithError): Response {
  const data = toErrorBody(error);
  const { status } = errorFacts(error.code);
  const body = pathname.startsWith("/rpc/")
    ? { json: { defined: true, code: data.code, status, message: data.message, data } }
    : data;
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}
