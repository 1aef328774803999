import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** One file of Launchboard's build. */
export interface PageFile {
  readonly type: string;
  /** Its name holds a digest of its content, so that it never changes. */
  readonly immutable: boolean;
  /** As it is, and compressed where that is smaller. */
  readonly bodies: { readonly identity: Buffer; readonly gzip?: Buffer; readonly br?: Buffer };
}

export type Encoding = keyof PageFile["bodies"];

const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  json: "application/json",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
  txt: "text/plain; charset=utf-8",
};
const compressible = /\.(?:html|js|css|svg|json|webmanifest|txt)$/;

/** Where the build is: beside the bundled agent, or in the checkout. Undefined where nobody has made it. */
export function launchboardFolder(): string | undefined {
  const isSource = import.meta.url.endsWith(".ts");
  const folder = fileURLToPath(new URL(isSource ? "../../../desktop/dist/renderer" : "./launchboard", import.meta.url));
  return existsSync(join(folder, "index.html")) ? folder : undefined;
}

const brotli = promisify(brotliCompress);
const gz = promisify(gzip);

/** Reads one file, with what `precompress` left beside it, else compressed now. */
export async function readPageFile(folder: string, name: string): Promise<PageFile> {
  const path = join(folder, name);
  const identity = await readFile(path);
  const extension = name.slice(name.lastIndexOf(".") + 1);
  const bodies = compressible.test(name)
    ? {
        identity,
        gzip: await besideOr(`${path}.gz`, () => gz(identity)),
        br: await besideOr(`${path}.br`, () => brotliOf(identity)),
      }
    : { identity };
  return { type: types[extension] ?? "application/octet-stream", immutable: name.startsWith("assets/"), bodies };
}

async function besideOr(path: string, make: () => Promise<Buffer>): Promise<Buffer> {
  return existsSync(path) ? readFile(path) : make();
}

/** Quick compression: 20 ms for the largest file; the best one is made with the build. */
function brotliOf(body: Buffer): Promise<Buffer> {
  return brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
}

/** Names of the build's files, with `/` between folders; what was precompressed is no file of its own. */
export async function listPageFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.(?:gz|br)$|^\./.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

/** The encoding to answer with, by what a browser says that it understands. */
export function chooseEncoding(accepts: string | undefined, bodies: PageFile["bodies"]): Encoding {
  const named = new Set(
    (accepts ?? "")
      .split(",")
      .flatMap((part) => (/;\s*q=0(?:\.0*)?\s*$/.test(part) ? [] : [part.split(";")[0]?.trim()])),
  );
  if (named.has("br") && bodies.br !== undefined) return "br";
  if (named.has("gzip") && bodies.gzip !== undefined) return "gzip";
  return "identity";
}
