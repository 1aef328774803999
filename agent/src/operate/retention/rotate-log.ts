import { copyFile, rm, stat, truncate } from "node:fs/promises";

/** Size from which a log is put aside, in bytes. */
const longestLog = 10 * 1024 ** 2;

/**
 * Puts a log aside as `<file>.1` and empties it while its process goes on writing: that has it open for appending, so its next line is the first one
 * of the empty file. One that cannot be put aside, on a full disk, is emptied all the same.
 */
export async function rotateLog(file: string, longest = longestLog): Promise<void> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size <= longest) return;
  const aside = `${file}.1`;
  await copyFile(file, aside).catch(() => rm(aside, { force: true }));
  await truncate(file);
}
