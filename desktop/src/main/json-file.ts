import { readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type * as z from "zod";

/** A small value that outlives the app, in a file of its own; a file that is not there or cannot be read is the default. */
export class JsonFile<T> {
  readonly #file: string;
  #value: T;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, schema: z.ZodType<T>, fallback: T) {
    this.#file = file;
    this.#value = read(file, schema) ?? fallback;
  }

  get value(): T {
    return this.#value;
  }

  /** Takes the value at once and writes it soon; writes follow each other and replace the file as a whole. */
  set(value: T): void {
    this.#value = value;
    this.#writing = this.#writing.then(() => this.#write(value));
  }

  /** Resolves when what was set is on disk. */
  written(): Promise<void> {
    return this.#writing;
  }

  async #write(value: T): Promise<void> {
    // A newer value is written by the write after this one.
    if (value !== this.#value) return;
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      const temporary = `${this.#file}.new`;
      await writeFile(temporary, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
      await rename(temporary, this.#file);
    } catch (error) {
      // A full disk must not end the app: what was set counts until it ends.
      process.stderr.write(`${this.#file} could not be written: ${String(error)}\n`);
    }
  }
}

function read<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}
