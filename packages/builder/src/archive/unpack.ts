import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join, posix, sep } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import { CloudSmithError } from "@cloudsmith/contracts";
import { readTar, type TarItem } from "./read-tar.ts";

const smallFileBytes = 1024 * 1024;

/**
 * Unpacks a `tar.zst` into `to` (created; must be empty). Refuses, with `invalid-input`, every entry that would land outside of it: absolute paths, `..`, links whose
 * target leaves the folder, hard links, devices. Links are made after all files, so no file is ever written through one.
 */
export async function unpackArchive(archive: Readable, to: string, signal: AbortSignal): Promise<void> {
  mkdirSync(to, { recursive: true });
  const root = realpathSync.native(to);
  const links: { path: string; target: string }[] = [];
  const made = new Set<string>([root]);
  const plain = createZstdDecompress({ chunkSize: 256 * 1024 });
  const reading = pipeline(archive, plain, { signal });
  try {
    for await (const item of readTar(plain)) await writeItem(item, root, made, links);
  } catch (error) {
    plain.destroy();
    // What went wrong while reading is the cause; a stream that was closed early because of it is not.
    await reading.catch((cause: unknown) => {
      if (!(cause instanceof Error && "code" in cause && cause.code === "ERR_STREAM_PREMATURE_CLOSE")) throw cause;
    });
    throw error;
  }
  plain.resume();
  await reading;
  for (const link of links) makeLink(link, root, made);
  for (const link of links) checkLink(link.path, root);
}

async function writeItem(
  item: TarItem,
  root: string,
  made: Set<string>,
  links: { path: string; target: string }[],
): Promise<void> {
  const path = safePath(item.path, root);
  if (item.type === "file") {
    makeFolder(dirname(path), made);
    await writeFile(item, path);
  } else if (item.type === "symlink") links.push({ path, target: safeTarget(item) });
  else if (item.type === "directory") makeFolder(path, made);
  else throw refused(item.path, "it is not a file, a folder or a symbolic link");
}

async function writeFile(item: TarItem, path: string): Promise<void> {
  const mode = (item.mode & 0o100) === 0 ? 0o644 : 0o755;
  if (item.size <= smallFileBytes) {
    const chunks: Buffer[] = [];
    for await (const chunk of item.content) chunks.push(chunk);
    writeFileSync(path, chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks), {
      mode,
      flag: "wx",
    });
  } else {
    await using file = await open(path, "wx", mode);
    for await (const chunk of item.content) await file.write(chunk);
  }
  // The umask may have taken bits away.
  if (mode === 0o755) chmodSync(path, mode);
}

function makeFolder(path: string, made: Set<string>): void {
  if (made.has(path)) return;
  mkdirSync(path, { recursive: true });
  made.add(path);
}

function safePath(path: string, root: string): string {
  const name = path.replace(/\/+$/, "");
  const parts = name.split("/");
  const absolute = posix.isAbsolute(name) || /^[A-Za-z]:/.test(name);
  if (name === "" || absolute || parts.includes("..") || name.includes("\0") || (sep === "\\" && name.includes("\\"))) {
    throw refused(path, "its path leaves the folder");
  }
  return join(root, ...parts.filter((part) => part !== "."));
}

function safeTarget({ path, target }: TarItem): string {
  const landing = posix.normalize(posix.join(posix.dirname(path), target));
  if (
    target === "" ||
    posix.isAbsolute(target) ||
    /^[A-Za-z]:/.test(target) ||
    landing === ".." ||
    landing.startsWith("../")
  ) {
    throw refused(path, `it links to ${target || "nothing"}, outside of the folder`);
  }
  return target;
}

function makeLink(link: { path: string; target: string }, root: string, made: Set<string>): void {
  makeFolder(dirname(link.path), made);
  // The parent may be a link made a moment ago: it must still be inside.
  checkLink(dirname(link.path), root);
  symlinkSync(link.target, link.path);
}

/** A chain of links can leave the folder although each one alone seems to stay; only the system itself knows (Node's own realpath cuts `..` by text). */
function checkLink(path: string, root: string): void {
  let real: string;
  try {
    real = realpathSync.native(path);
  } catch {
    // A link to nothing, or one to itself, leads nowhere.
    return;
  }
  if (real !== root && !real.startsWith(root + sep))
    throw refused(path.slice(root.length + 1), "its links lead out of the folder");
}

function refused(name: string, why: string): CloudSmithError {
  return new CloudSmithError("invalid-input", `The archive was refused at ${JSON.stringify(name)}`, {
    why,
    fix: "Deploy again from the source; if it happens again, report it",
  });
}
