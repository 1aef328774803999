import { StringDecoder } from "node:string_decoder";
import { maxLineBytes } from "./line-format.ts";
import type { Masker } from "./mask.ts";

/**
 * Makes masked lines of the chunks of one stream. Masking happens on whole lines; a line that never ends is given out in
 * pieces, each cut where no secret can lie across the cut any more.
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  readonly #mask: Masker;
  #rest = "";

  constructor(mask: Masker) {
    this.#mask = mask;
  }

  /** The lines that this chunk completes. */
  push(chunk: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    const masked = lines.map((line) => this.#mask(line));
    while (this.#rest.length > maxLineBytes + this.#mask.longest) masked.push(this.#cutRest());
    return masked;
  }

  /** The last line, when it had no newline. */
  end(): string[] {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = "";
    return rest === "" ? [] : [this.#mask(rest)];
  }

  #cutRest(): string {
    const masked = this.#mask(this.#rest);
    const piece = masked.slice(0, maxLineBytes);
    this.#rest = masked.slice(maxLineBytes);
    return piece;
  }
}
