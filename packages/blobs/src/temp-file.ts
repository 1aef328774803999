import { randomUUID } from "node:crypto";
import { readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";

/** No upload takes longer; a file this old belongs to a dead writer even when another process has its pid now. */
const maxAgeMs = 24 * 3600 * 1000;

/** Temp files of this process that are being written. */
const writing = new Set<string>();

/** A new temp file name that says which process writes it; disposing it removes the file if it is still there. */
export function tempFile(dir: string): AsyncDisposable & { readonly path: string } {
  const path = join(dir, `${process.pid}-${randomUUID()}`);
  writing.add(path);
  return {
    path,
    async [Symbol.asyncDispose]() {
      writing.delete(path);
      await removeIfThere(path);
    },
  };
}

/** Removes the temp files whose writers are dead. */
export async function sweepTempFiles(dir: string): Promise<void> {
  for (const name of await namesIn(dir)) {
    const path = join(dir, name);
    if (!writing.has(path) && (await isAbandoned(path, Number.parseInt(name, 10)))) await removeIfThere(path);
  }
}

/** Removes a file; one that is not there is fine. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** The sorted names in a folder, none when there is no such folder. */
export async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

async function isAbandoned(path: string, pid: number): Promise<boolean> {
  if (pid === process.pid || !isAlive(pid)) return true;
  try {
    return Date.now() - (await stat(path)).mtimeMs > maxAgeMs;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
