import type { Readable } from "node:stream";
import type { Digest } from "@cloudsmith/contracts";

/** Whose blob it is and what it is for; every key begins with the team. */
export interface BlobScope {
  readonly teamId: string;
  readonly kind: "source" | "artifact";
}

export interface PutOptions {
  readonly signal?: AbortSignal;
  /** Refused with `too-large` once more bytes than this have come. */
  readonly maxBytes?: number;
  /** Refused with `data-damaged` when the content has another digest. */
  readonly expected?: Digest;
}

export interface BlobItem {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** When it was last put, also when the bytes were there already, or renewed; ISO 8601. */
  readonly modifiedAt: string;
}

/** Content-addressed bytes: an equal digest is equal content, so nothing is ever changed in place. */
export interface BlobStore {
  /**
   * Stores bytes and returns their digest; storing equal bytes twice keeps one and renews `modifiedAt`. Nothing is
   * visible until all is written and synced. Errors: `too-large`, `data-damaged`, `disk-full`, `aborted`; what the
   * content throws comes back as it is.
   */
  put(
    scope: BlobScope,
    content: AsyncIterable<Uint8Array>,
    options?: PutOptions,
  ): Promise<{ digest: Digest; size: number }>;
  /** Streams the bytes; ends with the error `data-damaged` when they are not what the digest says. Errors: `not-found`. */
  open(scope: BlobScope, digest: Digest, options?: { signal?: AbortSignal }): Promise<Readable>;
  stat(scope: BlobScope, digest: Digest): Promise<{ size: number } | undefined>;
  /** Whether the blob is there, as somebody who is about to name it must know: renews `modifiedAt`, so that no cleaner takes it away before that. */
  renew(scope: BlobScope, digest: Digest): Promise<boolean>;
  /** Removes the blob; one that is not there is fine. With `unlessSince` it stays where it was put or renewed at that time or later. Returns whether it is gone. */
  delete(scope: BlobScope, digest: Digest, options?: { unlessSince?: Date }): Promise<boolean>;
  /** Ordered by digest; `cursor` is absent on the last page. `limit` is 1 to 1000, 100 by default. */
  list(
    scope: BlobScope,
    page?: { cursor?: string; limit?: number },
  ): Promise<{ items: readonly BlobItem[]; cursor?: string }>;
}
