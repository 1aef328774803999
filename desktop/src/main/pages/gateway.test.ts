import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { expect, test, vi } from "vitest";
import type { AgentConnection } from "../agent/connection.ts";
import { AgentGateway, type AgentSource } from "./gateway.ts";

/** An agent that answers as the test says, and the way to it. */
async function agentThat(
  answers: RequestListener,
): Promise<{ server: Server; agent: AgentConnection } & AsyncDisposable> {
  const server = createServer(answers).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const agent = {
    kind: "local",
    url: `http://127.0.0.1:${port}`,
    token: "secret",
    pid: 1,
    version: "0.1.0",
    apiVersion: 1,
  } as const;
  return {
    server,
    agent,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function sourceOf(connection: () => AgentConnection): AgentSource & { lostOnes: AgentConnection[]; renewed: number } {
  const source = {
    lostOnes: [] as AgentConnection[],
    renewed: 0,
    connection: async () => connection(),
    lost: (agent: AgentConnection) => void source.lostOnes.push(agent),
    renew: async () => void (source.renewed += 1),
  };
  return source;
}

const ask = (path: string, init: RequestInit = {}): Request => new Request(`http://launchboard${path}`, init);

test("a request reaches the agent with the token and without what only the page knows", async () => {
  let seen: IncomingMessage["headers"] = {};
  await using there = await agentThat((request, response) => {
    seen = request.headers;
    request.pipe(response.setHeader("content-type", "application/json").setHeader("set-cookie", "a=b"));
  });
  const gateway = new AgentGateway(sourceOf(() => there.agent));
  const headers = {
    "content-type": "application/json",
    cookie: "x=y",
    origin: "app://launchboard",
    authorization: "Bearer mine",
  };
  const answer = await gateway.handle(ask("/api/projects", { method: "POST", headers, body: '{"a":1}' }));
  expect(await answer.json()).toEqual({ a: 1 });
  expect(seen).toMatchObject({ authorization: "Bearer secret", "content-type": "application/json" });
  expect(seen).not.toHaveProperty("cookie");
  expect(seen).not.toHaveProperty("origin");
  expect(answer.headers.get("set-cookie")).toBeNull();
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
});

test("a stream is passed on as it comes, and ends at the agent when the page lets go of it", async () => {
  const streams: ServerResponse[] = [];
  await using there = await agentThat((_request, response) => {
    streams.push(response);
    response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
  });
  const gateway = new AgentGateway(sourceOf(() => there.agent));
  const { body } = await gateway.handle(ask("/api/live", { method: "POST", body: "{}" }));
  const reader = body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("data: 1\n\n");
  // It does not keep anybody from replacing the agent.
  await gateway.drained();
  const [stream] = streams;
  const closed = vi.fn<() => void>();
  stream?.once("close", closed);
  await reader?.cancel();
  await vi.waitFor(() => expect(closed).toHaveBeenCalled());
});

test("a request that never arrived is sent to the next agent; one that did is not sent twice", async () => {
  const gone = await agentThat(() => undefined);
  const { agent } = gone;
  await gone[Symbol.asyncDispose]();
  let asked = 0;
  await using there = await agentThat((request, response) => {
    asked += 1;
    if (request.url?.endsWith("/broken") === true) request.socket.destroy();
    else response.end("{}");
  });
  const agents = [agent];
  const source = sourceOf(() => agents.shift() ?? there.agent);
  const gateway = new AgentGateway(source);
  const answer = await gateway.handle(ask("/api/projects"));
  expect(answer.status).toBe(200);
  // Its connection can be used again from here on.
  await answer.text();
  expect(source.lostOnes).toEqual([agent]);
  const refused = await gateway.handle(ask("/api/broken", { method: "POST", body: "{}" }));
  expect(asked).toBe(2);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: "agent-unreachable" });
  const rpc = await gateway.handle(ask("/rpc/broken"));
  expect(await rpc.json()).toMatchObject({ json: { defined: true, code: expect.any(String) } });
});

test("a token that is not good any more is renewed once", async () => {
  let asked = 0;
  await using there = await agentThat((_request, response) => {
    asked += 1;
    response.writeHead(asked === 1 ? 401 : 200).end("{}");
  });
  const source = sourceOf(() => there.agent);
  expect((await new AgentGateway(source).handle(ask("/api/projects"))).status).toBe(200);
  expect(source.renewed).toBe(1);
});

test("it is drained when the last request has been answered and read", async () => {
  const answers: ServerResponse[] = [];
  await using there = await agentThat((_request, response) => void answers.push(response));
  const gateway = new AgentGateway(sourceOf(() => there.agent));
  const answer = gateway.handle(ask("/api/projects"));
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  const drained = vi.fn<() => void>();
  const waited = gateway.drained().then(drained);
  expect(drained).not.toHaveBeenCalled();
  answers[0]?.end("{}");
  await (await answer).text();
  await waited;
  expect(drained).toHaveBeenCalled();
});
