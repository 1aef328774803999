import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";

const tempSuffix = ".tmp";
const abandonedAfterMs = 3600 * 1000;

/** Writes a 0600 file that appears whole or not at all; false when `path` is taken, which it then leaves alone. */
export async function createWhole(path: string, content: Uint8Array): Promise<boolean> {
  const temp = await writeTemp(path, content);
  try {
    await link(temp, path);
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await unlink(temp);
  }
  await syncFolder(dirname(path));
  return true;
}

/** Replaces a 0600 file in one step. */
export async function replaceWhole(path: string, content: Uint8Array): Promise<void> {
  const temp = await writeTemp(path, content);
  await rename(temp, path);
  await syncFolder(dirname(path));
}

/** Removes the temp files that killed writers left in a folder; a living one has its file for moments only. */
export async function sweepTempFiles(dir: string): Promise<void> {
  for (const name of await namesIn(dir)) {
    const path = join(dir, name);
    if (!name.endsWith(tempSuffix)) continue;
    const facts = await stat(path, { throwIfNoEntry: false });
    if (facts !== undefined && Date.now() - facts.mtimeMs > abandonedAfterMs) await rm(path, { force: true });
  }
}

/** The names in a folder, none when there is no such folder. */
export async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** The bytes of a file, undefined when there is none. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

async function writeTemp(path: string, content: Uint8Array): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temp = `${path}.${randomUUID()}${tempSuffix}`;
  try {
    await using handle = await open(temp, "wx", 0o600);
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    await unlink(temp).catch(() => {});
    throw error;
  }
  return temp;
}

async function syncFolder(path: string): Promise<void> {
  await using handle = await open(path, "r");
  await handle.sync();
}
