import { existsSync, readdirSync, rmdirSync } from "node:fs";
import type { BlobStore } from "@cloudsmith/blobs";
import type { Digest } from "@cloudsmith/contracts";
import { unpackArchive } from "../archive/unpack.ts";
import { takeArtifactTree } from "../cache/artifact-tree.ts";

export interface OpenArtifactOptions {
  readonly teamId: string;
  readonly digest: Digest;
  readonly blobs: BlobStore;
  /** Created; must be empty or missing. */
  readonly to: string;
  readonly signal: AbortSignal;
  /** The builder's cache on this machine: an artifact that was just built is moved out of it instead of being unpacked. */
  readonly cacheDir?: string;
}

/** Unpacks an artifact into a folder. Entries that would land outside are refused with `invalid-input`. */
export async function openArtifact(options: OpenArtifactOptions): Promise<void> {
  const { teamId, digest, blobs, to, signal, cacheDir } = options;
  if (cacheDir !== undefined) {
    if (existsSync(to) && readdirSync(to).length === 0) rmdirSync(to);
    if (!existsSync(to) && takeArtifactTree({ cacheDir, teamId, digest }, to)) return;
  }
  const archive = await blobs.open({ teamId, kind: "artifact" }, digest, { signal });
  await unpackArchive(archive, to, signal);
}
