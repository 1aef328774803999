import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

/** What a page of the app may do: its own files and its own API, nothing else. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // The digest of an empty text: style elements are made empty and filled by rule, which a page can only do itself.
  "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join("; ");

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
  ".map": "application/json",
};

const headers = {
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-cache",
} as const;

/**
 * The file of Launchboard's build that an address names; an address without an extension is a page, and all pages are `index.html`.
 * Undefined is no file of the build.
 */
export function fileOf(pathname: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  const parts = path.split("/").slice(1);
  if (/[\\\0:]/.test(path) || parts.some((part) => part.startsWith("."))) return undefined;
  return extname(path) === "" ? "index.html" : parts.join("/");
}

/** Answers with a file of Launchboard's build. */
export async function servePage(folder: string, pathname: string): Promise<Response> {
  const file = fileOf(pathname);
  const type = file === undefined ? undefined : types[extname(file)];
  if (file === undefined || type === undefined) return notFound();
  try {
    return new Response(await readFile(join(folder, file)), { headers: { ...headers, "content-type": type } });
  } catch {
    return notFound();
  }
}

function notFound(): Response {
  return new Response("There is nothing here", { status: 404, headers: { ...headers, "content-type": "text/plain" } });
}
