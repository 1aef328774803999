import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { PackEntry } from "../archive/pack.ts";

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

const textLike = /\.(html?|css|m?js|json|map|svg|xml|txt|md|wasm|ico|csv|webmanifest|ttf|otf|eot|rss|atom)$/i;
const smallest = 1024;
/** Beyond this size the best levels take too long for what they gain. */
const largeBytes = 1024 * 1024;
const largest = 32 * 1024 * 1024;

/** The entries with a `.br` and a `.gz` beside each text-like file that gains by them; written to `temp`. */
export async function precompress(
  entries: readonly PackEntry[],
  temp: string,
  signal: AbortSignal,
): Promise<PackEntry[]> {
  const folder = join(temp, "compressed");
  mkdirSync(folder, { recursive: true });
  const there = new Set(entries.map((entry) => entry.path));
  const added: PackEntry[] = [];
  const queue = entries.filter(
    (entry) => entry.type === "file" && entry.size >= smallest && entry.size <= largest && textLike.test(entry.path),
  );
  const work = async (): Promise<void> => {
    for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
      signal.throwIfAborted();
      added.push(...(await siblings(entry, folder, there, added.length + queue.length)));
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return [...entries, ...added].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function siblings(
  entry: PackEntry,
  folder: string,
  there: ReadonlySet<string>,
  _number: number,
): Promise<PackEntry[]> {
  const content = readFileSync(entry.from ?? entry.path);
  const quality = content.length > largeBytes ? 5 : 9;
  const [br, gz] = await Promise.all([
    brotli(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    }),
    gzipped(content, { level: quality === 9 ? 9 : 6 }),
  ]);
  return [
    { path: `${entry.path}.br`, bytes: br },
    { path: `${entry.path}.gz`, bytes: gz },
  ].flatMap(({ path, bytes }) => {
    if (there.has(path) || bytes.length > content.length * 0.95) return [];
    const from = join(folder, path.replaceAll("/", "\u2215"));
    writeFileSync(from, bytes);
    return [{ type: "file" as const, path, size: bytes.length, executable: false, from }];
  });
}
