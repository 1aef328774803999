import { createHash, type Hash } from "node:crypto";
import { Transform } from "node:stream";
import { CloudSmithError, Digest } from "@cloudsmith/contracts";

/** Lets bytes through while it takes their digest and counts them. */
export class Digester {
  readonly #hash: Hash = createHash("sha256");
  readonly #maxBytes: number;
  size = 0;

  constructor(maxBytes = Number.POSITIVE_INFINITY) {
    this.#maxBytes = maxBytes;
  }

  /** Errors: `too-large`. */
  add(chunk: Uint8Array): void {
    this.size += chunk.byteLength;
    if (this.size > this.#maxBytes) {
      throw new CloudSmithError("too-large", `The content is larger than ${this.#maxBytes} bytes`, {
        fix: "Leave out what is not needed, for example through .gitignore",
      });
    }
    this.#hash.update(chunk);
  }

  digest(): Digest {
    return Digest.parse(`sha256:${this.#hash.digest("hex")}`);
  }
}

/** Passes bytes on and fails with `data-damaged` at the end when they are not those of the digest. */
export function verifying(digest: Digest): Transform {
  const digester = new Digester();
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digester.add(chunk);
      done(null, chunk);
    },
    flush(done) {
      done(digester.digest() === digest ? null : damaged(digest));
    },
  });
}

/** The error of content that is not what its digest says. */
export function damaged(digest: Digest): CloudSmithError {
  return new CloudSmithError("data-damaged", `The content is not that of ${digest}`, {
    why: "It was changed or cut on its way or on the disk",
    fix: "Deploy again: the content is then stored anew",
  });
}
