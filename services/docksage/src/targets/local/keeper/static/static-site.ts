import { open } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { lookup } from "mrmime";
import type { TrafficCounter } from "../metrics/traffic-counter.ts";
import { acceptedEncodings, checkConditions, parseRange } from "./conditions.ts";
import { SiteFiles, type SiteEntry, type SiteFile } from "./site-files.ts";
import { pathSegments } from "./site-path.ts";

export interface StaticSiteOptions {
  readonly dir: string;
  /** Unknown paths answer `index.html`. */
  readonly spa: boolean;
  /** Folders below `dir` whose file names carry a hash. */
  readonly immutable: readonly string[];
  readonly traffic: TrafficCounter;
}

export type StaticHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What a path of the site leads to. */
type Resolution =
  | {
      readonly type: "file";
      readonly status: 200 | 404;
      readonly entry: SiteEntry;
      readonly name: string;
      readonly isImmutable: boolean;
    }
  | { readonly type: "redirect"; readonly to: string }
  | { readonly type: "nothing" };

/** Serves a folder as a site: clean URLs, `404.html`, an application's fallback, ETags, ranges, precompressed siblings. */
export function createStaticHandler(options: StaticSiteOptions): StaticHandler {
  const files = new SiteFiles(options.dir);
  return async (request, response) => {
    const arrivedAt = performance.now();
    try {
      if (request.method !== "GET" && request.method !== "HEAD")
        sendText(response, 405, "Method Not Allowed", { allow: "GET, HEAD" });
      else await answer(request, response, await resolve(files, options, request.url ?? "/"), options.traffic);
    } catch {
      // The file went away or the client did; either way there is nothing left to send.
      response.destroy();
    }
    options.traffic.answered(response.statusCode, performance.now() - arrivedAt);
  };
}

async function resolve(files: SiteFiles, options: StaticSiteOptions, url: string): Promise<Resolution> {
  const mark = url.indexOf("?");
  const pathname = mark === -1 ? url : url.slice(0, mark);
  const query = mark === -1 ? "" : url.slice(mark);
  const segments = pathSegments(pathname);
  if (segments === null) return notFound(files);
  const hasSlash = pathname.endsWith("/");
  const file = (entry: SiteEntry, name: string): Resolution => ({
    type: "file",
    status: 200,
    entry,
    name,
    isImmutable: isImmutable(segments, options.immutable),
  });

  const found = await files.find(segments);
  if (found.type === "file" && !hasSlash) return file(found.entry, segments.at(-1) ?? "");
  if (found.type === "folder") {
    const index = await files.find([...segments, "index.html"]);
    // Relative links on a folder's page need the slash.
    if (index.type === "file")
      return hasSlash ? file(index.entry, "index.html") : { type: "redirect", to: `${canonical(segments)}/${query}` };
  }
  const page = segments.length === 0 ? found : await files.find([...segments.slice(0, -1), `${segments.at(-1)}.html`]);
  if (page.type === "file")
    return hasSlash ? { type: "redirect", to: canonical(segments) + query } : file(page.entry, "page.html");
  // A missing script or image is missing; only what looks like a page is the application's own business.
  if (options.spa && !/\.[a-z0-9]+$/i.test(segments.at(-1) ?? "")) {
    const index = await files.find(["index.html"]);
    if (index.type === "file")
      return { type: "file", status: 200, entry: index.entry, name: "index.html", isImmutable: false };
  }
  return notFound(files);
}

async function notFound(files: SiteFiles): Promise<Resolution> {
  const page = await files.find(["404.html"]);
  return page.type === "file"
    ? { type: "file", status: 404, entry: page.entry, name: "404.html", isImmutable: false }
    : { type: "nothing" };
}

/** Made anew from the segments, so that it begins with one slash: `//host` would lead to another site. */
function canonical(segments: readonly string[]): string {
  return `/${segments.map(encodeURIComponent).join("/")}`;
}

function isImmutable(segments: readonly string[], folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const parts = folder.split("/").filter((part) => part !== "" && part !== ".");
    return parts.length < segments.length && parts.every((part, index) => part === segments[index]);
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  resolution: Resolution,
  traffic: TrafficCounter,
): Promise<void> {
  if (resolution.type === "redirect") return sendText(response, 308, "Permanent Redirect", { location: resolution.to });
  if (resolution.type === "nothing") return sendText(response, 404, "Not Found", {});
  const { entry, status } = resolution;
  const file = chooseFile(request, entry);
  response.setHeader("etag", file.etag);
  response.setHeader(
    "cache-control",
    resolution.isImmutable && status === 200
      ? "public, max-age=31536000, immutable"
      : "public, max-age=0, must-revalidate",
  );
  response.setHeader("x-content-type-options", "nosniff");
  if (entry.compressed.length > 0) response.setHeader("vary", "Accept-Encoding");
  if (status === 200) {
    const verdict = checkConditions(request.headers, file.etag);
    if (verdict !== "send") {
      response.writeHead(verdict === "failed" ? 412 : 304).end();
      return;
    }
  }
  await sendFile(request, response, file, resolution, traffic);
}

/** A range is one of the plain bytes, so that it means the same whatever the client can decode. */
function chooseFile(request: IncomingMessage, entry: SiteEntry): SiteFile {
  if (request.headers.range !== undefined) return entry.plain;
  const accepted = acceptedEncodings(request.headers["accept-encoding"]);
  const best = accepted
    .map((encoding) => entry.compressed.find((file) => file.encoding === encoding))
    .find((file) => file !== undefined);
  return best ?? entry.plain;
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: SiteFile,
  { status, name }: { status: number; name: string },
  traffic: TrafficCounter,
): Promise<void> {
  const range = status === 200 ? parseRange(request.headers, file.size, file.etag) : null;
  if (range === "unsatisfiable")
    return sendText(response, 416, "Range Not Satisfiable", { "content-range": `bytes */${file.size}` });
  const length = range === null ? file.size : range.end - range.start + 1;
  response.setHeader("accept-ranges", "bytes");
  response.setHeader("content-type", contentType(name));
  response.setHeader("content-length", length);
  if (file.encoding !== null) response.setHeader("content-encoding", file.encoding);
  if (range !== null) response.setHeader("content-range", `bytes ${range.start}-${range.end}/${file.size}`);
  response.writeHead(range === null ? status : 206);
  if (request.method === "HEAD" || length === 0) {
    response.end();
    return;
  }
  const handle = await open(file.path);
  traffic.sent(length);
  await pipeline(handle.createReadStream({ start: range?.start ?? 0, end: range?.end ?? file.size - 1 }), response);
}

function contentType(name: string): string {
  const type = lookup(name) ?? "application/octet-stream";
  const isText = type.startsWith("text/") || /(?:javascript|json|xml)$/.test(type);
  return isText ? `${type}; charset=utf-8` : type;
}

function sendText(response: ServerResponse, status: number, text: string, headers: Record<string, string>): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(response.req.method === "HEAD" ? undefined : text);
}
