import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";

/** Longest socket path that every system takes: 108 bytes with its NUL on Linux, 104 on macOS. */
const longestSocketPath = 103;

/** Short name of a data folder: marks its keeper's processes and its socket. */
export function keeperName(dataDir: string): string {
  return createHash("sha256").update(resolve(dataDir)).digest("hex").slice(0, 20);
}

/** The folder of the keeper's own files inside a data folder. */
export function keeperFolder(dataDir: string): string {
  return join(resolve(dataDir), "keeper");
}

/** Makes the keeper's folder, readable by its owner alone, and gives its path. */
export function ensureKeeperFolder(dataDir: string): string {
  const folder = keeperFolder(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.platform !== "win32") chmodSync(folder, 0o700);
  return folder;
}

/**
 * Where the keeper of a data folder listens: a named pipe on Windows, else a socket in the keeper's folder; where that path is too
 * long for a socket, one in a private folder below XDG_RUNTIME_DIR or the temporary folder.
 */
export function keeperSocket(dataDir: string): string {
  const name = keeperName(dataDir);
  if (process.platform === "win32") return `\\\\.\\pipe\\cloudsmith-keeper-${name}`;
  const direct = join(keeperFolder(dataDir), "keeper.sock");
  if (Buffer.byteLength(direct) <= longestSocketPath) return direct;
  const uid = userInfo().uid;
  const runtime = process.env["XDG_RUNTIME_DIR"];
  const bases = [runtime, tmpdir(), "/tmp"].filter((base) => base !== undefined);
  for (const base of bases) {
    const path = join(base, `cloudsmith-${uid}`, `${name}.sock`);
    if (Buffer.byteLength(path) > longestSocketPath) continue;
    if (isPrivateFolder(join(base, `cloudsmith-${uid}`), uid)) return path;
  }
  throw new Error(
    `no place for a socket: ${direct} is too long, and no private folder could be made below ${bases.join(" or ")}`,
  );
}

/** Makes a folder that only its owner enters; false when somebody else has put something there. */
function isPrivateFolder(path: string, uid: number): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) return false;
  }
  const stats = lstatSync(path);
  return stats.isDirectory() && stats.uid === uid && (stats.mode & 0o077) === 0;
}
