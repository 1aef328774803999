import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { isAlive, TestKeeper } from "./testing/keeper-harness.ts";

test(
  "what is still open after 30 s of draining is broken off, and the old release ends",
  { timeout: 90_000 },
  async () => {
    await using keeper = await TestKeeper.start();
    const source = `import http from "node:http"; http.createServer((_, r) => { r.writeHead(200); r.flushHeaders(); }).listen(process.env.PORT)`;
    const old = keeper.app(source);
    const { pid } = await keeper.deploy(old);
    const request = httpRequest({ host: "127.0.0.1", port: await keeper.plainPort(), agent: false }).end();
    const [response]: IncomingMessage[] = await once(request, "response");
    const broken = once(response ?? request, "error");
    response?.resume();
    const next = keeper.app(source);
    const began = Date.now();
    await keeper.deploy(next);
    await broken;
    expect(Date.now() - began).toBeGreaterThan(29_000);
    await keeper.untilGone(old);
    expect(await isAlive(pid ?? 0)).toBe(false);
  },
);
