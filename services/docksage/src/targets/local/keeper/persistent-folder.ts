import { cp, lstat, mkdir, readdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import type { PersistentFolder } from "../protocol.ts";

/**
 * Makes `link` a symbolic link to `dir`. When `dir` is new, what the app brought at `link` becomes its first content; later releases'
 * copies give way to what is kept. Interrupted at any point, it can be done again.
 * @throws when one of the paths is relative or they are the same.
 */
export async function linkPersistentFolder({ link, dir }: PersistentFolder): Promise<void> {
  if (!isAbsolute(link) || !isAbsolute(dir) || resolve(link) === resolve(dir))
    throw new Error(`a persistent folder needs two absolute paths, not ${link} and ${dir}`);
  await mkdir(dirname(link), { recursive: true });
  const existing = await lstat(link).catch(() => null);
  if (existing?.isSymbolicLink() === true) {
    if (resolve(dirname(link), await readlink(link)) === resolve(dir)) {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      return;
    }
    await rm(link);
  } else if (existing?.isDirectory() === true) {
    await adoptFirstContent(link, dir);
    await rm(link, { recursive: true, force: true });
  } else if (existing !== null) {
    throw new Error(`${link} is a file, so it cannot be a persistent folder`);
  }
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await symlink(dir, link, process.platform === "win32" ? "junction" : "dir");
}

async function adoptFirstContent(from: string, dir: string): Promise<void> {
  const kept = await readdir(dir).catch(() => []);
  if (kept.length > 0) return;
  // Copied beside and renamed: a half-copied folder never counts as kept content.
  const draft = `${dir}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(dir), { recursive: true });
  await cp(from, draft, { recursive: true, verbatimSymlinks: true });
  await rm(dir, { recursive: true, force: true });
  await rename(draft, dir);
}
