import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TrafficCounter } from "../metrics/traffic-counter.ts";
import { get, type TestResponse } from "../testing/keeper-harness.ts";
import { createStaticHandler } from "./static-site.ts";

const root = mkdtempSync(join(tmpdir(), "site-"));
const css = "body { color: rebeccapurple }\n".repeat(100);
const files: Record<string, string | Buffer> = {
  "index.html": "<h1>home</h1>",
  "about.html": "<h1>about</h1>",
  "docs/index.html": "<h1>docs</h1>",
  "docs/a b.html": "<h1>spaced</h1>",
  "404.html": "<h1>lost</h1>",
  "assets/app.1a2b.css": css,
  "assets/app.1a2b.css.br": brotliCompressSync(css),
  "assets/app.1a2b.css.gz": gzipSync(css),
  "assets/data.bin": Buffer.from([...Array.from({ length: 256 }).keys()]),
  "empty.txt": "",
  "feed.xml": "<feed/>",
  "data.json": "{}",
  "module.mjs": "export {}",
  "pic.svg": "<svg/>",
  ".env": "SECRET=1",
  ".git/config": "secret",
  ".well-known/security.txt": "contact",
  "naïve.txt": "umlaut",
};

let server: Server;
let port: number;
let spaPort: number;
beforeAll(async () => {
  const site = join(root, "site");
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), content);
  }
  writeFileSync(join(root, "outside.txt"), "outside");
  symlinkSync(join(root, "outside.txt"), join(site, "leak.txt"));
  symlinkSync(root, join(site, "up"));
  symlinkSync("about.html", join(site, "inside.html"));
  port = await serve(site, false);
  spaPort = await serve(site, true);
});
const servers: Server[] = [];
afterAll(() => {
  for (const each of servers) each.close();
  rmSync(root, { recursive: true });
});

async function serve(dir: string, spa: boolean): Promise<number> {
  const handle = createStaticHandler({ dir, spa, immutable: ["assets"], traffic: new TrafficCounter() });
  server = createServer((request, response) => void handle(request, response));
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

const fetchPath = (path: string, headers: Record<string, string> = {}, method = "GET"): Promise<TestResponse> =>
  get(port, path, { headers, method });

describe("a path", () => {
  test.each([
    ["/", 200, "<h1>home</h1>"],
    ["/index.html", 200, "<h1>home</h1>"],
    ["/about", 200, "<h1>about</h1>"],
    ["/about.html", 200, "<h1>about</h1>"],
    ["/docs/", 200, "<h1>docs</h1>"],
    ["/docs/a%20b", 200, "<h1>spaced</h1>"],
    ["/na%C3%AFve.txt", 200, "umlaut"],
    ["/inside.html", 200, "<h1>about</h1>"],
    ["/.well-known/security.txt", 200, "contact"],
    ["/empty.txt", 200, ""],
    ["/missing", 404, "<h1>lost</h1>"],
    ["/missing.js", 404, "<h1>lost</h1>"],
    ["/assets/", 404, "<h1>lost</h1>"],
  ])("%s answers %i", async (path, status, text) => {
    const answer = await fetchPath(path);
    expect([answer.status, answer.text]).toEqual([status, text]);
  });

  test.each([
    ["/docs", "/docs/"],
    ["/docs?a=1", "/docs/?a=1"],
    ["/about/", "/about"],
    ["//docs", "/docs/"],
    ["///evil.example/..", null],
    ["/docs/a%20b/", "/docs/a%20b"],
  ])("%s leads to its canonical form %s", async (path, location) => {
    const answer = await fetchPath(path);
    expect([answer.status, answer.headers.location ?? null]).toEqual([location === null ? 404 : 308, location]);
  });

  test.each([
    "/.env",
    "/.git/config",
    "/../outside.txt",
    "/%2e%2e/outside.txt",
    "/..%2foutside.txt",
    "/..%5coutside.txt",
    "/leak.txt",
    "/up/outside.txt",
    "/a%00b",
    "/%",
    "/%c3%28",
  ])("%s is never served", async (path) => {
    expect((await fetchPath(path)).status).toBe(404);
  });

  test("of any kind never gives what lies outside or is hidden", async () => {
    const part = fc.constantFrom(
      "..",
      ".",
      "%2e%2e",
      "%2E.",
      "up",
      "outside.txt",
      "docs",
      "%2f",
      "%5c",
      "\\",
      ".env",
      "leak.txt",
      "",
      "%00",
      "site",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        const answer = await fetchPath(`/${parts.join("/")}`);
        expect(answer.text).not.toMatch(/outside|SECRET/);
      }),
    );
  });
});

describe("an application's fallback", () => {
  test("answers what looks like a page, and not a missing file", async () => {
    expect((await get(spaPort, "/users/7")).text).toBe("<h1>home</h1>");
    expect((await get(spaPort, "/about")).text).toBe("<h1>about</h1>");
    expect((await get(spaPort, "/assets/gone.js")).status).toBe(404);
  });
});

describe("caching", () => {
  test("hashed files are immutable, pages are asked for again", async () => {
    expect((await fetchPath("/assets/app.1a2b.css")).headers["cache-control"]).toBe(
      "public, max-age=31536000, immutable",
    );
    expect((await fetchPath("/about")).headers["cache-control"]).toBe("public, max-age=0, must-revalidate");
    expect((await fetchPath("/assets/missing.css")).headers["cache-control"]).toBe(
      "public, max-age=0, must-revalidate",
    );
  });

  test("a strong ETag answers 304, one per encoding", async () => {
    const plain = await fetchPath("/assets/app.1a2b.css");
    const brotli = await fetchPath("/assets/app.1a2b.css", { "accept-encoding": "br" });
    expect(plain.headers.etag).toMatch(/^"[\w-]{22}"$/);
    expect(brotli.headers.etag).not.toBe(plain.headers.etag);
    const etag = plain.headers.etag ?? "";
    for (const value of [etag, `W/${etag}`, `"x", ${etag}`, "*"])
      expect((await fetchPath("/assets/app.1a2b.css", { "if-none-match": value })).status).toBe(304);
    expect((await fetchPath("/assets/app.1a2b.css", { "if-none-match": '"x"' })).status).toBe(200);
    expect((await fetchPath("/assets/app.1a2b.css", { "if-match": '"x"' })).status).toBe(412);
  });
});

describe("an encoding", () => {
  const read = async (accept: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}/assets/app.1a2b.css`, {
      headers: { "accept-encoding": accept },
      method: "HEAD",
    });
    return [answer.headers.get("content-encoding"), answer.headers.get("vary")];
  };

  test("is the smallest that the client takes", async () => {
    expect(await read("gzip, br")).toEqual(["br", "Accept-Encoding"]);
    expect(await read("gzip;q=1.0, br;q=0")).toEqual(["gzip", "Accept-Encoding"]);
    expect(await read("*")).toEqual(["br", "Accept-Encoding"]);
    expect(await read("identity")).toEqual([null, "Accept-Encoding"]);
  });

  test("decodes to the file's own bytes", async () => {
    const load = (encoding: string) =>
      new Promise<Buffer>((resolve) => {
        void import("node:http").then(({ get: httpGet }) =>
          httpGet(
            { port, host: "127.0.0.1", path: "/assets/app.1a2b.css", headers: { "accept-encoding": encoding } },
            (response) => {
              const chunks: Buffer[] = [];
              response.on("data", (chunk: Buffer) => chunks.push(chunk));
              response.on("end", () => resolve(Buffer.concat(chunks)));
            },
          ),
        );
      });
    expect(brotliDecompressSync(await load("br")).toString()).toBe(css);
    expect(gunzipSync(await load("gzip")).toString()).toBe(css);
  });
});

describe("a range", () => {
  test.each([
    ["bytes=0-3", 206, "bytes 0-3/256", 4],
    ["bytes=250-", 206, "bytes 250-255/256", 6],
    ["bytes=-6", 206, "bytes 250-255/256", 6],
    ["bytes=250-999", 206, "bytes 250-255/256", 6],
    ["bytes=256-", 416, "bytes */256", null],
    ["bytes=-0", 416, "bytes */256", null],
    ["bytes=5-2", 200, undefined, 256],
    ["bytes=0-1,4-5", 200, undefined, 256],
    ["lines=0-1", 200, undefined, 256],
  ])("%s answers %i %s", async (range, status, contentRange, length) => {
    const answer = await fetchPath("/assets/data.bin", { range });
    expect([answer.status, answer.headers["content-range"]]).toEqual([status, contentRange]);
    if (length !== null) expect(answer.headers["content-length"]).toBe(String(length));
  });

  test("counts only while If-Range matches, and is one of the plain bytes", async () => {
    const { headers } = await fetchPath("/assets/data.bin");
    expect((await fetchPath("/assets/data.bin", { range: "bytes=0-3", "if-range": headers.etag ?? "" })).status).toBe(
      206,
    );
    expect((await fetchPath("/assets/data.bin", { range: "bytes=0-3", "if-range": '"old"' })).status).toBe(200);
    const plain = await fetchPath("/assets/app.1a2b.css", { range: "bytes=0-3", "accept-encoding": "br" });
    expect([plain.text, plain.headers["content-encoding"]]).toEqual(["body", undefined]);
  });
});

test("HEAD has the headers of GET and no body; other methods are refused", async () => {
  const head = await fetchPath("/about", {}, "HEAD");
  expect([head.status, head.headers["content-length"], head.text]).toEqual([200, "14", ""]);
  const post = await fetchPath("/about", {}, "POST");
  expect([post.status, post.headers.allow]).toEqual([405, "GET, HEAD"]);
});

test.each([
  ["/", "text/html; charset=utf-8"],
  ["/about", "text/html; charset=utf-8"],
  ["/assets/app.1a2b.css", "text/css; charset=utf-8"],
  ["/module.mjs", "text/javascript; charset=utf-8"],
  ["/data.json", "application/json; charset=utf-8"],
  ["/pic.svg", "image/svg+xml; charset=utf-8"],
  ["/feed.xml", /^(?:text|application)\/xml; charset=utf-8$/],
  ["/assets/data.bin", "application/octet-stream"],
])("%s has the type %s", async (path, type) => {
  const { headers } = await fetchPath(path);
  if (typeof type === "string") expect(headers["content-type"]).toBe(type);
  else expect(headers["content-type"]).toMatch(type);
  expect(headers["x-content-type-options"]).toBe("nosniff");
});
