import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Opens the book in a folder: one JSON line an entry, so that a crash loses at most the line being written. */
export async function openEntries(folder) {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "entries.jsonl");
  const entries = await readEntries(file);
  return {
    newestFirst: () => entries.toReversed(),
    async add(name, text) {
      const entry = { name, text, at: new Date().toISOString() };
      await appendFile(file, `${JSON.stringify(entry)}\n`);
      entries.push(entry);
      return entry;
    },
  };
}

async function readEntries(file) {
  try {
    const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line));
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
