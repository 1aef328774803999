import { createServer } from "node:http";
import type { TestProject } from "vitest/node";
import { startDynamoDb } from "./dynamodb.ts";
import { startKafka } from "./kafka.ts";
import { tempDir } from "./temp-dir.ts";

/** Servers that the test files of one run share; each is started when the first test asks for it. */
const servers = {
  kafka: async (dir: string) => {
    const broker = await startKafka({ dir });
    return { address: broker.address, stop: async () => broker.kill() };
  },
  dynamodb: async (dir: string) => {
    const database = await startDynamoDb({ dir });
    return { address: database.endpoint, stop: async () => database[Symbol.asyncDispose]() };
  },
};
export type SharedServer = keyof typeof servers;

/** Runs once per test run, in the test runner's own process: answers test files that ask for a shared server. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await tempDir("cloudsmith-test-servers-");
  const started = new Map<string, Promise<{ address: string; stop: () => Promise<void> }>>();
  const host = createServer((request, response) => {
    const name = request.url?.slice(1) ?? "";
    if (!isServer(name)) return void response.writeHead(404).end();
    const server = started.get(name) ?? servers[name](dir.file(name));
    started.set(name, server);
    server.then(
      ({ address }) => response.end(address),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  // The first run downloads.
  host.requestTimeout = 0;
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  const address = host.address();
  project.provide("testServers", typeof address === "object" && address !== null ? address.port : 0);
  return async () => {
    host.closeAllConnections();
    await new Promise((resolve) => host.close(resolve));
    await Promise.allSettled([...started.values()].map(async (server) => (await server).stop()));
    await dir[Symbol.asyncDispose]();
  };
}

function isServer(name: string): name is SharedServer {
  return Object.hasOwn(servers, name);
}

declare module "vitest" {
  interface ProvidedContext {
    /** Port on 127.0.0.1 that starts shared servers and tells their addresses. */
    testServers: number;
  }
}
