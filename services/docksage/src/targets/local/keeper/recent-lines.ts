import { StringDecoder } from "node:string_decoder";
import type { Masker } from "@cloudsmith/logs";

const keptLines = 30;
const longestLine = 2000;

/** The last lines that an app printed, with secrets masked: what a crash report shows. Holds at most 30 lines of 2,000 characters. */
export class RecentLines {
  readonly #mask: Masker;
  readonly #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  readonly #open = { stdout: "", stderr: "" };
  #lines: string[] = [];

  constructor(mask: Masker) {
    this.#mask = mask;
  }

  add(stream: "stdout" | "stderr", bytes: Buffer): void {
    const parts = (this.#open[stream] + this.#decoders[stream].write(bytes)).split("\n");
    const rest = parts.pop() ?? "";
    // A secret may still be arriving, so the open line is cut only far behind what is kept.
    this.#open[stream] = rest.length > longestLine * 4 ? rest.slice(0, longestLine * 4) : rest;
    for (const line of parts.slice(-keptLines)) this.#push(line);
  }

  /** The lines so far, an unfinished last one included. */
  list(): string[] {
    const open = [this.#open.stdout, this.#open.stderr].filter((line) => line !== "").map((line) => this.#clean(line));
    return [...this.#lines, ...open].slice(-keptLines);
  }

  clear(): void {
    this.#lines = [];
    this.#open.stdout = "";
    this.#open.stderr = "";
  }

  #push(line: string): void {
    this.#lines.push(this.#clean(line));
    if (this.#lines.length > keptLines) this.#lines.shift();
  }

  #clean(line: string): string {
    return this.#mask(line.replace(/\r$/, "")).slice(0, longestLine);
  }
}
