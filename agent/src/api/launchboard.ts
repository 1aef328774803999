import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { chooseEncoding, launchboardFolder, listPageFiles, readPageFile, type PageFile } from "./launchboard-files.ts";
import { escapeHtml, ownPage } from "./pages.ts";
import { isUiHost, uiHost } from "./same-site.ts";

/**
 * What Launchboard may load and run: its own files, nothing else. The digest is that of an empty text: style elements are made empty and
 * filled by rule, which a page can only do itself.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Launchboard, at every address that is not the API's: a file of the build, or the page that shows whatever the address names. */
export function routeLaunchboard(app: FastifyInstance): void {
  const pages = new Pages();
  app.get("/*", async (request, reply) => {
    const name = request.url.slice(1).split("?", 1)[0] ?? "";
    const isPage = isPageAddress(request, name);
    if (!isUiHost(request))
      return isPage
        ? reply.redirect(`http://${uiHost}:${request.socket.localPort}${request.url}`)
        : reply.callNotFound();
    const file = (await pages.file(name)) ?? (isPage ? await pages.file("index.html") : undefined);
    if (file !== undefined) return send(request, reply, file);
    return isPage ? sendMissing(reply) : reply.callNotFound();
  });
}

/** A browser asks for a page by its address; for a file it never does. */
function isPageAddress(request: FastifyRequest, name: string): boolean {
  return !name.startsWith("assets/") && (request.headers.accept ?? "").includes("text/html");
}

/** The build in memory: each file is read once. One that was made anew is noticed by its page, which every visit begins with. */
class Pages {
  #made = 0;
  #files = new Map<string, PageFile | undefined>();

  async file(name: string): Promise<PageFile | undefined> {
    const folder = launchboardFolder();
    if (folder === undefined) return undefined;
    if (name === "index.html") await this.#look(folder);
    if (!this.#files.has(name)) return undefined;
    const file = this.#files.get(name) ?? (await readPageFile(folder, name));
    this.#files.set(name, file);
    return file;
  }

  async #look(folder: string): Promise<void> {
    const { mtimeMs } = await stat(join(folder, "index.html"));
    if (mtimeMs === this.#made) return;
    const names = await listPageFiles(folder);
    this.#files = new Map(names.map((name) => [name, undefined]));
    this.#made = mtimeMs;
  }
}

function send(request: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  const encoding = chooseEncoding(request.headers["accept-encoding"], file.bodies);
  const body = file.bodies[encoding] ?? file.bodies.identity;
  const tag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  void reply.headers({
    "content-type": file.type,
    "content-security-policy": contentSecurityPolicy,
    "cache-control": file.immutable ? "public, max-age=31536000, immutable" : "no-cache",
    etag: tag,
    vary: "Accept-Encoding",
    ...(encoding !== "identity" && { "content-encoding": encoding }),
  });
  return request.headers["if-none-match"] === tag ? reply.status(304).send() : reply.send(body);
}

function sendMissing(reply: FastifyReply): FastifyReply {
  const page = ownPage({
    title: "Launchboard is not built",
    style: `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}main{max-width:480px;margin:18vh auto;padding:0 24px}h1{font-size:22px;margin:0 0 12px}`,
    body: `<main><h1>Launchboard is not built</h1><p>This checkout has no build of the pages yet.</p><p>Make it: <code>${escapeHtml("npm run setup")}</code>, then load this page again. The API is at <a href="/api">/api</a>.</p></main>`,
  });
  return reply
    .status(503)
    .type("text/html; charset=utf-8")
    .header("content-security-policy", page.contentSecurityPolicy)
    .send(page.html);
}
