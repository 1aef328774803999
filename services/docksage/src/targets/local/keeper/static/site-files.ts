import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { LruCache } from "./lru-cache.ts";

/** A file as it goes out, in one encoding. */
export interface SiteFile {
  readonly path: string;
  readonly size: number;
  readonly encoding: "br" | "gzip" | null;
  /** Strong: equal tags, equal bytes. */
  readonly etag: string;
}

/** A file with its precompressed siblings. */
export interface SiteEntry {
  readonly plain: SiteFile;
  readonly compressed: readonly SiteFile[];
}

/** What a path names in the site's folder. */
export type Found =
  | { readonly type: "file"; readonly entry: SiteEntry }
  | { readonly type: "folder" }
  | { readonly type: "nothing" };

const nothing: Found = { type: "nothing" };
const siblings = [
  { suffix: ".br", encoding: "br" },
  { suffix: ".gz", encoding: "gzip" },
] as const;
const rememberedPaths = 2000;

/**
 * Looks up files below a folder, one at a time when they are asked for, so that a site of any size starts at once. A release's files
 * never change, so what was found is remembered.
 */
export class SiteFiles {
  readonly #dir: string;
  readonly #found = new LruCache<string, Promise<Found>>(rememberedPaths);
  #root: Promise<string> | null = null;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Finds a file or folder by path segments that are already decoded and checked. */
  find(segments: readonly string[]): Promise<Found> {
    const key = segments.join("/");
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const found = this.#look(segments).catch(() => nothing);
    this.#found.set(key, found);
    return found;
  }

  async #look(segments: readonly string[]): Promise<Found> {
    const path = await this.#resolve(join(this.#dir, ...segments));
    if (path === null) return nothing;
    const stats = await stat(path);
    if (stats.isDirectory()) return { type: "folder" };
    if (!stats.isFile()) return nothing;
    const plain = { path, size: stats.size, encoding: null, etag: await etagOf(path, stats.size) };
    const compressed = await Promise.all(
      siblings.map(({ suffix, encoding }) => this.#sibling(`${path}${suffix}`, encoding)),
    );
    return { type: "file", entry: { plain, compressed: compressed.filter((file) => file !== null) } };
  }

  async #sibling(wanted: string, encoding: "br" | "gzip"): Promise<SiteFile | null> {
    const path = await this.#resolve(wanted);
    if (path === null) return null;
    const stats = await stat(path);
    return stats.isFile() ? { path, size: stats.size, encoding, etag: await etagOf(path, stats.size) } : null;
  }

  /** The real path, or null when there is none or a symbolic link leads out of the site's folder. */
  async #resolve(path: string): Promise<string | null> {
    this.#root ??= realpath(this.#dir);
    const root = await this.#root;
    const real = await realpath(path).catch(() => null);
    return real !== null && (real === root || real.startsWith(root + sep)) ? real : null;
  }
}

/** Hashing more than this would keep the first visitor waiting. */
const hashedUpTo = 16e6;

/**
 * By content, not by time: artifacts carry no times, and a redeploy of equal files keeps what browsers have cached. A big file is
 * known by its path, which is the release's own and so never gets other content.
 */
async function etagOf(path: string, size: number): Promise<string> {
  const hash = createHash("sha256");
  if (size > hashedUpTo) hash.update(`${path}\0${size}`);
  else await pipeline(createReadStream(path), hash);
  return `"${hash.digest("base64url").slice(0, 22)}"`;
}
