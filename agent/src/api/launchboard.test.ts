import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestAgent } from "../testing/test-agent.ts";
import { chooseEncoding } from "./launchboard-files.ts";

let agent: TestAgent;
beforeAll(async () => {
  agent = await TestAgent.start();
});
afterAll(async () => {
  await agent[Symbol.asyncDispose]();
});

const browser = { accept: "text/html,application/xhtml+xml", "sec-fetch-site": "none", "sec-fetch-mode": "navigate" };
const get = (path: string, headers: Record<string, string> = {}) =>
  agent.ask(path, { headers: { host: `cloudsmith.localhost:${agent.port}`, ...browser, ...headers } });

test("every page has the same document, which is never cached and may load nothing from elsewhere", async () => {
  const pages = await Promise.all(["/", "/activity", "/projects/shop/logs?tail=1"].map((path) => get(path)));
  for (const { status, headers, text } of pages) {
    expect(status).toBe(200);
    expect(headers["cache-control"]).toBe("no-cache");
    expect(headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self';");
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    expect(text).toContain('<div id="root">');
    expect(text).not.toMatch(/<script>|<style|https?:/);
  }
});

test("what the document loads is kept for ever, in the smallest form that the browser reads", async () => {
  const script = /src="(\/assets\/[^"]+\.js)"/.exec((await get("/")).text)?.[1] ?? "";
  const { status, headers, text } = await get(script, { accept: "*/*" });
  expect({ status, type: headers["content-type"] }).toEqual({ status: 200, type: "text/javascript; charset=utf-8" });
  expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  const response = async (encoding: string): Promise<{ encoding: string | null; length: number }> => {
    const answer = await get(script, { accept: "*/*", "accept-encoding": encoding });
    return { encoding: answer.headers["content-encoding"] ?? null, length: Number(answer.headers["content-length"]) };
  };
  const [br, gzip, plain] = await Promise.all([response("gzip, br"), response("gzip"), response("identity")]);
  expect([br?.encoding, gzip?.encoding, plain?.encoding]).toEqual(["br", "gzip", null]);
  expect(br?.length).toBeLessThan(gzip?.length ?? 0);
  expect(gzip?.length).toBeLessThan((plain?.length ?? 0) / 2);
  expect(text.length).toBeGreaterThan(100_000);
});

test("what a browser has already is not sent again", async () => {
  const { headers } = await get("/");
  expect(await get("/", { "if-none-match": String(headers.etag) })).toMatchObject({ status: 304, text: "" });
});

test("pages live on one host, which no app shares; other names of this machine lead there", async () => {
  const { status, headers } = await agent.ask("/activity", {
    headers: { host: `127.0.0.1:${agent.port}`, ...browser },
  });
  expect([status, headers.location]).toEqual([302, `http://cloudsmith.localhost:${agent.port}/activity`]);
});

test("a file that is not there, or that a program asks for, is no page", async () => {
  for (const [path, accept] of [
    ["/assets/gone.js", "text/html"],
    ["/nothing", "application/json"],
    ["/../package.json", "*/*"],
    ["/..%2f..%2fpackage.json", "*/*"],
  ] as const)
    expect((await get(path, { accept })).status, path).toBe(404);
  expect((await get("/api/nothing")).status).toBe(404);
});

test("an encoding that a browser refuses by q=0 is not chosen", () => {
  const bodies = { identity: Buffer.from("a"), gzip: Buffer.from("b"), br: Buffer.from("c") };
  expect(chooseEncoding("br;q=0, gzip", bodies)).toBe("gzip");
  expect(chooseEncoding("br;q=0.5", bodies)).toBe("br");
  expect(chooseEncoding(undefined, bodies)).toBe("identity");
  expect(chooseEncoding("gzip, br", { identity: Buffer.from("a") })).toBe("identity");
});

test("compressed forms hold the file itself", async () => {
  const { readPageFile, launchboardFolder } = await import("./launchboard-files.ts");
  const folder = launchboardFolder();
  if (folder === undefined) throw new Error("Launchboard is not built: npm run setup -- --for test");
  const { bodies } = await readPageFile(folder, "index.html");
  expect(gunzipSync(bodies.gzip ?? "").equals(bodies.identity)).toBe(true);
  expect(brotliDecompressSync(bodies.br ?? "").equals(bodies.identity)).toBe(true);
});
