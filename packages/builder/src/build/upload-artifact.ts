import { join } from "node:path";
import type { BlobStore } from "@cloudsmith/blobs";
import { CloudSmithError, type ArtifactManifest } from "@cloudsmith/contracts";
import { packEntries } from "../archive/pack.ts";
import { keepArtifactTree } from "../cache/artifact-tree.ts";
import type { ArtifactContents, BuildContext, BuildStep } from "./build-context.ts";

const maxArtifactBytes = 8e9;
/** Fast rather than small: artifacts stay on this machine or go over a near network, and node_modules gains little by more. */
const compressionLevel = 1;

interface UploadOptions {
  readonly teamId: string;
  readonly blobs: BlobStore;
  readonly step: <T>(name: BuildStep, work: () => Promise<T>) => Promise<T>;
}

/** Packs and stores the artifact, in one stream, and says what it is. */
export async function uploadArtifact(
  context: BuildContext,
  contents: ArtifactContents,
  options: UploadOptions,
): Promise<ArtifactManifest> {
  const entries = await options.step("pack", () => Promise.resolve([...contents.entries]));
  const unpackedSize = entries.reduce((total, entry) => total + (entry.type === "file" ? entry.size : 0), 0);
  const files = entries.filter((entry) => entry.type !== "directory").length;
  if (unpackedSize > maxArtifactBytes) {
    throw new CloudSmithError("artifact-too-large", `The artifact would have ${Math.round(unpackedSize / 1e6)} MB`, {
      fix: "Leave data and media out of the build, or keep dependencies that only the build needs in devDependencies",
    });
  }
  const stored = await options.step("upload", () =>
    options.blobs.put(
      { teamId: options.teamId, kind: "artifact" },
      packEntries(entries, { level: compressionLevel, signal: context.signal }),
      { signal: context.signal },
    ),
  );
  await keepArtifactTree({ cacheDir: context.cacheDir, teamId: options.teamId, digest: stored.digest }, entries, {
    kept: context.plan.caches.map((path) => join(context.appRoot, path)),
    signal: context.signal,
  });
  context.say(`Artifact: ${files} files, ${megabytes(unpackedSize)} MB, ${megabytes(stored.size)} MB packed`);
  return {
    version: 1,
    digest: stored.digest,
    size: stored.size,
    unpackedSize,
    files,
    plan: contents.plan,
    platform: context.platform,
    toolchains: { ...context.toolchains },
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}
