import type { BlobStore } from "@cloudsmith/blobs";
import type { Digest } from "@cloudsmith/contracts";
import { unpackArchive } from "../archive/unpack.ts";

/** Unpacks an artifact into `to`, which is created and must be empty. Entries that would land outside are refused. */
export async function openArtifact(options: {
  readonly teamId: string;
  readonly digest: Digest;
  readonly blobs: BlobStore;
  readonly to: string;
  readonly signal: AbortSignal;
}): Promise<void> {
  const archive = await options.blobs.open({ teamId: options.teamId, kind: "artifact" }, options.digest, {
    signal: options.signal,
  });
  await unpackArchive(archive, options.to, options.signal);
}
