import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { KeeperRelease } from "../../protocol.ts";
import { get, TestKeeper, waitFor } from "../testing/keeper-harness.ts";

const workingApp = `
import http from "node:http";
import { createHash } from "node:crypto";
import { WebSocketServer } from ${JSON.stringify(import.meta.resolve("ws"))};
const state = { aborted: 0, connections: 0 };
const routes = {
  "/echo": (q, r) => r.end(JSON.stringify({ method: q.method, url: q.url, headers: q.headers, raw: q.rawHeaders })),
  "/events": (q, r) => {
    r.writeHead(200, { "content-type": "text/event-stream" }); r.flushHeaders();
    q.on("close", () => state.aborted++);
    const timer = setInterval(() => r.write("data: " + process.env.NAME + "\\n\\n"), 20); r.on("close", () => clearInterval(timer));
  },
  "/silent-events": (q, r) => { r.writeHead(200, { "content-type": "text/event-stream" }); r.flushHeaders(); },
  "/hang": (q, r) => { r.on("close", () => { if (!r.writableFinished) state.aborted++; }); },
  "/state": (q, r) => r.end(JSON.stringify(state)),
  "/upload": (q, r) => { const hash = createHash("sha256"); let size = 0; q.on("data", (c) => { size += c.length; hash.update(c) }); q.on("end", () => r.end(JSON.stringify({ size, digest: hash.digest("hex"), trailers: q.trailers }))); },
  "/download": async (q, r) => { const chunk = Buffer.alloc(65536, 7); r.writeHead(200); for (let i = 0; i < 3200; i++) if (!r.write(chunk)) await new Promise((f) => r.once("drain", f)); r.end(); },
  "/trailers": (q, r) => { r.writeHead(200, { trailer: "x-sum" }); r.write("body"); r.addTrailers({ "x-sum": "42" }); r.end(); },
  "/cookies": (q, r) => { r.setHeader("set-cookie", ["a=1", "b=2"]); r.setHeader("connection", "x-hop, close"); r.setHeader("x-hop", "1"); r.end(); },
  "/early": (q, r) => { r.writeHead(413, { connection: "close" }); r.end("too big"); },
  "/truncate": (q, r) => { r.writeHead(200, { "content-length": "100" }); r.write("half"); setTimeout(() => r.destroy(), 50); },
  "/slow": (q, r) => setTimeout(() => r.end(process.env.NAME), Number(new URL(q.url, "http://x").searchParams.get("ms"))),
};
const server = http.createServer((q, r) => (routes[q.url.split("?")[0]] ?? ((q, r) => r.end(process.env.NAME)))(q, r));
server.on("connection", () => state.connections++);
server.on("checkContinue", (q, r) => { if (q.url === "/early") return routes["/early"](q, r); r.writeContinue(); server.emit("request", q, r); });
const sockets = new WebSocketServer({ noServer: true });
server.on("upgrade", (q, s, h) => q.url === "/refused" ? s.end("HTTP/1.1 403 Forbidden\\r\\ncontent-length: 2\\r\\n\\r\\nno") : sockets.handleUpgrade(q, s, h, (ws) => { ws.send("welcome " + process.env.NAME); ws.on("message", (m, isBinary) => ws.send(m, { binary: isBinary })) }));
server.keepAliveTimeout = 60_000;
server.listen(process.env.PORT);`;

let keeper: TestKeeper;
let app: KeeperRelease;
let port: number;
let proxyPort: number;
beforeAll(async () => {
  keeper = await TestKeeper.start();
  app = keeper.app(workingApp, { env: { NAME: "one" } });
  await keeper.deploy(app);
  port = await keeper.plainPort();
  proxyPort = (await keeper.keeper.status()).proxyPort;
});
afterAll(() => keeper[Symbol.asyncDispose]());

/** Sends bytes as they are and gives everything that comes back until the connection ends. */
async function raw(bytes: string, to = port): Promise<string> {
  const socket = connect(to, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  socket.write(bytes);
  await once(socket, "close");
  return text;
}

async function open(path: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  const request = httpRequest({ host: "127.0.0.1", port, path, agent: false, ...options });
  request.on("error", () => undefined);
  if (options.method !== "POST") request.end();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once("response", resolve);
    request.once("error", reject);
  });
  return { request, response };
}

describe("headers", () => {
  test("tell the app who asked and for what, whatever the client claims", async () => {
    const claims = {
      "x-forwarded-for": "6.6.6.6",
      "x-forwarded-host": "evil",
      "x-forwarded-proto": "https",
      forwarded: "for=6.6.6.6",
      "x-real-ip": "6.6.6.6",
    };
    const { headers } = JSON.parse((await get(port, "/echo", { headers: claims })).text);
    expect(headers).toMatchObject({
      host: `127.0.0.1:${port}`,
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": `127.0.0.1:${port}`,
      "x-forwarded-proto": "http",
    });
    expect(headers).not.toHaveProperty("forwarded");
    expect(headers).not.toHaveProperty("x-real-ip");
  });

  test("of one hop stay on it, in both directions; repeated ones stay repeated", async () => {
    const { headers } = JSON.parse(
      (
        await get(port, "/echo", {
          headers: { connection: "x-private", "x-private": "1", "x-kept": "1", "proxy-connection": "keep-alive" },
        })
      ).text,
    );
    expect(headers).toMatchObject({ "x-kept": "1" });
    expect(headers).not.toHaveProperty("x-private");
    expect(headers).not.toHaveProperty("proxy-connection");
    const cookies = await get(port, "/cookies");
    expect(cookies.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect(cookies.headers).not.toHaveProperty("x-hop");
  });

  test("and paths arrive byte for byte", async () => {
    const { url } = JSON.parse((await get(port, "/echo?x=%2F..%2f//&y=a b".replace(" ", "%20"))).text);
    expect(url).toBe("/echo?x=%2F..%2f//&y=a%20b");
  });

  test("trailers pass both ways", async () => {
    expect((await get(port, "/trailers")).trailers).toEqual({ "x-sum": "42" });
    const answer = await raw(
      `POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: x-check\r\n\r\n4\r\nwiki\r\n0\r\nx-check: 7\r\n\r\n`,
    );
    expect(answer).toContain(`"trailers":{"x-check":"7"}`);
  });
});

describe("hosts", () => {
  test("that are not known are 404, on the shared port and, against DNS rebinding, on an app's own", async () => {
    const status = async (to: number, host: string) => (await get(to, "/", { headers: { host } })).status;
    expect(
      await Promise.all(
        [`shop.localhost:${proxyPort}`, "SHOP.localhost", "shop.localhost."].map((host) => status(proxyPort, host)),
      ),
    ).toEqual([200, 200, 200]);
    expect(
      await Promise.all(
        [
          "other.localhost",
          "a.shop.localhost",
          "localhost",
          "127.0.0.1",
          "evil.example",
          "shop.localhost.evil.example",
          "shop.localhost@evil",
        ].map((host) => status(proxyPort, host)),
      ),
    ).toEqual([404, 404, 404, 404, 404, 404, 404]);
    expect(
      await Promise.all(["localhost", "127.0.0.1:1", "[::1]:80", "shop.localhost"].map((host) => status(port, host))),
    ).toEqual([200, 200, 200, 200]);
    expect(await Promise.all(["evil.example", `rebind.example:${port}`].map((host) => status(port, host)))).toEqual([
      404, 404,
    ]);
  });

  test("answer in JSON or HTML as asked, without a word about the inside", async () => {
    const json = await get(proxyPort, "/");
    expect(JSON.parse(json.text)).toMatchObject({ code: "unknown-host" });
    const html = await get(proxyPort, "/", { headers: { accept: "text/html,*/*" } });
    expect(html.text).toContain("<h1>No app has this address</h1>");
  });
});

describe("request smuggling", () => {
  const smuggled = "GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  test.each([
    [
      "both lengths",
      `POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      400,
    ],
    [
      "two lengths",
      `POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n${smuggled}`,
      400,
    ],
    [
      "an odd encoding",
      `POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
      501,
    ],
    [
      "a nested encoding",
      `POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
      501,
    ],
    ["two hosts", `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil\r\nConnection: close\r\n\r\n`, 400],
    ["no host", `GET / HTTP/1.1\r\nConnection: close\r\n\r\n`, 400],
    [
      "a space before the colon",
      `POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length : 40\r\n\r\n${smuggled}`,
      400,
    ],
    ["a bare line feed", `GET / HTTP/1.1\nHost: 127.0.0.1\n\n`, 400],
  ])("by %s is refused and nothing of it reaches the app", async (_, bytes, status) => {
    const answer = await raw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.match(/HTTP\/1\.1 200/g)).toBeNull();
  });

  test.each([
    ["another app", "http://other.localhost/echo"],
    ["a host inside", "http://169.254.169.254/latest/meta-data/"],
    ["this port with another name", "http://127.0.0.1:1/echo"],
    ["another protocol", "ftp://127.0.0.1/echo"],
    ["credentials", "http://user@127.0.0.1/echo"],
    ["no path at all", "echo"],
  ])("by a whole address that names %s is refused", async (_, target) => {
    const answer = await raw(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("a whole address of the same host reaches the app as a path; CONNECT reaches nobody", async () => {
    const answer = await raw(`GET http://127.0.0.1/echo?a=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).not.toContain("http://127.0.0.1/echo");
    expect(await raw(`CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)).not.toContain(" 200 ");
  });

  test("by naming Content-Length or Host in Connection does not unframe a request", async () => {
    const answer = await raw(
      `POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close, content-length, host\r\nContent-Length: 4\r\n\r\nwiki`,
    );
    expect(answer).toContain(`"size":4`);
  });

  test("an upgrade to anything but WebSocket is an ordinary request", async () => {
    const answer = await raw(
      `GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).not.toContain("h2c");
  });
});

describe("bodies", () => {
  test("of server-sent events come at once, headers even before the first of them", async () => {
    const silent = await open("/silent-events");
    expect(silent.response.headers["content-type"]).toBe("text/event-stream");
    silent.request.destroy();
    const { request, response } = await open("/events");
    const [chunk] = await once(response, "data");
    expect(String(chunk)).toBe("data: one\n\n");
    request.destroy();
  });

  test("a client that goes away is noticed by the app", async () => {
    const aborted = async () => JSON.parse((await get(port, "/state")).text).aborted;
    const before = await aborted();
    const request = httpRequest({ host: "127.0.0.1", port, path: "/hang", agent: false });
    request.on("error", () => undefined);
    request.end();
    await waitFor(() => request.socket?.connecting === false);
    await delay(100);
    request.destroy();
    await waitFor(async () => (await aborted()) > before);
  });

  test("an answer that breaks off is seen as broken, not as complete", async () => {
    await expect(get(port, "/truncate")).rejects.toThrow(/aborted|socket hang up/);
  });

  test("Expect: 100-continue reaches the app, which decides whether the body is sent", async () => {
    const ask = (path: string) =>
      httpRequest({
        host: "127.0.0.1",
        port,
        path,
        method: "POST",
        agent: false,
        headers: { expect: "100-continue", "content-length": 5 },
      });
    const accepted = ask("/upload");
    accepted.flushHeaders();
    await once(accepted, "continue");
    accepted.end("12345");
    const [answer]: IncomingMessage[] = await once(accepted, "response");
    expect(JSON.parse(String(await answer?.toArray())).size).toBe(5);
    const refused = ask("/early");
    refused.on("error", () => undefined);
    refused.flushHeaders();
    let continued = false;
    refused.on("continue", () => (continued = true));
    const [early]: IncomingMessage[] = await once(refused, "response");
    expect([early?.statusCode, continued]).toEqual([413, false]);
    refused.destroy();
  });

  test("200 MB go up and down with flat memory", async () => {
    const { pid } = await keeper.keeper.status();
    const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
    const before = memory();
    let peak = before;
    const watching = setInterval(() => (peak = Math.max(peak, memory())), 20);
    const chunk = Buffer.alloc(65_536, 3);
    const hash = createHash("sha256");
    const upload = httpRequest({ host: "127.0.0.1", port, path: "/upload", method: "POST", agent: false });
    for (let index = 0; index < 3200; index++) {
      hash.update(chunk);
      if (!upload.write(chunk)) await once(upload, "drain");
    }
    upload.end();
    const [answer]: IncomingMessage[] = await once(upload, "response");
    expect(JSON.parse(String(await answer?.toArray()))).toMatchObject({
      size: 209_715_200,
      digest: hash.digest("hex"),
    });
    const { response } = await open("/download");
    let size = 0;
    for await (const bytes of response) size += bytes.length;
    clearInterval(watching);
    expect(size).toBe(209_715_200);
    expect(peak - before).toBeLessThan(120);
  });

  test("connections to the app are kept and used again", async () => {
    const connections = async () => JSON.parse((await get(port, "/state")).text).connections;
    const before = await connections();
    for (let index = 0; index < 50; index++) await get(port, "/");
    expect((await connections()) - before).toBeLessThan(5);
  });
});

describe("WebSockets", () => {
  test("pass in both directions, text and binary", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, { headers: { host: "shop.localhost" } });
    const [welcome] = await once(socket, "message");
    expect(String(welcome)).toBe("welcome one");
    const big = Buffer.alloc(1_000_000, 9);
    socket.send(big);
    const [echo] = await once(socket, "message");
    expect(big.equals(echo)).toBe(true);
    socket.close(4001, "done");
    const [code, reason] = await once(socket, "close");
    expect([code, String(reason)]).toEqual([4001, "done"]);
  });

  test("that the app refuses get its answer; unknown hosts get 404", async () => {
    const refused = new WebSocket(`ws://127.0.0.1:${port}/refused`);
    const [error]: Error[] = await once(refused, "error");
    expect(error?.message).toContain("403");
    const unknown = new WebSocket(`ws://127.0.0.1:${port}/live`, { headers: { host: "evil.example" } });
    const [notFound]: Error[] = await once(unknown, "error");
    expect(notFound?.message).toContain("404");
  });
});

describe("a switch", () => {
  test("fails no request out of 2,000 over five releases, by new and by kept connections", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 10 });
    const seen = new Map<string, number>();
    const failures: unknown[] = [];
    let isDone = false;
    let sent = 0;
    const visitor = async (index: number) => {
      while (!isDone || sent < 2000) {
        sent += 1;
        const path = index % 4 === 0 ? "/slow?ms=20" : "/";
        const answer = await get(port, path, index % 2 === 0 ? { agent } : {}).catch((error: unknown) => ({
          status: 0,
          text: String(error),
        }));
        if (answer.status === 200) seen.set(answer.text, (seen.get(answer.text) ?? 0) + 1);
        else failures.push(answer);
      }
    };
    const visitors = Array.from({ length: 12 }, (_, index) => visitor(index));
    for (const name of ["two", "three", "four", "five", "six"]) {
      const next = keeper.app(workingApp, { env: { NAME: name } });
      await keeper.apply([app, next], [keeper.route(app)]);
      await keeper.until(next, ({ state }) => state === "healthy");
      await keeper.apply([next], [keeper.route(next)]);
      expect((await get(port, "/")).text).toBe(name);
      app = next;
    }
    isDone = true;
    await Promise.all(visitors);
    agent.destroy();
    expect(failures).toEqual([]);
    expect([...seen.keys()].toSorted()).toEqual(["five", "four", "one", "six", "three", "two"]);
    expect(sent).toBeGreaterThanOrEqual(2000);
  });

  test("lets the old release finish: requests, events and WebSockets go on while new requests go to the new one", async () => {
    const old = app;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/live`);
    await once(socket, "message");
    const events = await open("/events");
    const slow = get(port, "/slow?ms=700");
    await once(events.response, "data");
    const next = keeper.app(workingApp, { env: { NAME: "next" } });
    await keeper.apply([old, next], [keeper.route(old)]);
    await keeper.until(next, ({ state }) => state === "healthy");
    await keeper.apply([next], [keeper.route(next)]);
    expect((await get(port, "/")).text).toBe("next");
    expect((await keeper.until(old, () => true)).drainingUntil).not.toBeNull();
    expect((await slow).text).toBe("six");
    socket.send("still there");
    expect(String((await once(socket, "message"))[0])).toBe("still there");
    expect(String((await once(events.response, "data"))[0])).toContain("data: six");
    events.request.destroy();
    socket.close();
    await keeper.untilGone(old);
    app = next;
  });

  test("can be taken back while the old release drains, and it is not started anew", async () => {
    const old = app;
    const { pid } = await keeper.until(old, () => true);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/live`);
    await once(socket, "message");
    const next = keeper.app(workingApp, { env: { NAME: "regretted" } });
    await keeper.apply([next], [keeper.route(next)]);
    await keeper.apply([old], [keeper.route(old)]);
    expect((await keeper.until(old, ({ state }) => state === "healthy")).pid).toBe(pid);
    expect((await get(port, "/")).text).toBe("next");
    socket.close();
    await keeper.untilGone(next);
    expect((await keeper.until(old, ({ state }) => state === "healthy")).pid).toBe(pid);
  });

  test("to an app that waits for its first deployment and back to none says so", async () => {
    await keeper.apply(
      [app],
      [
        keeper.route(app),
        { environmentId: "env_waiting1", host: "soon", releaseId: null, plainPort: null, state: "deploying" },
      ],
    );
    const page = await get(proxyPort, "/", { headers: { host: "soon.localhost" } });
    expect([page.status, JSON.parse(page.text).code, page.headers["retry-after"]]).toEqual([503, "deploying", "2"]);
    const routes = (await keeper.keeper.status()).routes;
    await keeper.apply([app], [keeper.route(app)]);
    await expect(get(routes[1]?.plainPort ?? 0, "/")).rejects.toThrow("ECONNREFUSED");
  });
});

test("metrics tell requests, status classes, latency, bytes and load", async () => {
  const since = new Date(Date.now() - 600_000).toISOString();
  await waitFor(async () => {
    const points = await keeper.keeper.metrics({ environmentId: keeper.environmentId, since, stepSeconds: 600 });
    return points.some((point) => point.cpuPercent !== null);
  });
  const points = await keeper.keeper.metrics({ environmentId: keeper.environmentId, since, stepSeconds: 600 });
  const sum = (field: "requests" | "status2xx" | "status4xx" | "bytesIn" | "bytesOut") =>
    points.reduce((total, point) => total + point[field], 0);
  expect(sum("requests")).toBeGreaterThan(2000);
  expect(sum("status4xx")).toBeGreaterThan(0);
  expect(sum("bytesIn")).toBeGreaterThan(209_000_000);
  expect(sum("bytesOut")).toBeGreaterThan(209_000_000);
  expect(points.some((point) => point.latencyMsP95 !== null && point.memoryMb !== null)).toBe(true);
});
