import { randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";

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
  const temp = `${path}.${randomUUID()}.tmp`;
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
