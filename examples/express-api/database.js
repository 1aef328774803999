import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

const folder = process.env.DATA_DIR ?? "data";
const file = join(folder, "database.json");

/** The whole database; an empty one before the first migration. */
export async function read() {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return { applied: [] };
    throw error;
  }
}

/** Replaces the database in one step, so that a reader never sees half of it. */
export async function write(data) {
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(data));
  await rename(`${file}.new`, file);
}
