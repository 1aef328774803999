import { openArtifact } from "@cloudsmith/builder";
import type { BlobStore } from "@cloudsmith/blobs";
import type { Release } from "@cloudsmith/contracts";
import { access, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Folders of the local target below one root: `releases/<release>/{app,home,tmp,ready}` and `persistent/<environment>`. */
export class ReleaseFolders {
  readonly #root: string;
  readonly #blobs: BlobStore;

  constructor(options: { root: string; blobs: BlobStore }) {
    this.#root = options.root;
    this.#blobs = options.blobs;
  }

  of(releaseId: string): { base: string; app: string; home: string; temp: string } {
    const base = join(this.#root, "releases", releaseId);
    return { base, app: join(base, "app"), home: join(base, "home"), temp: join(base, "tmp") };
  }

  persistent(environmentId: string): string {
    return join(this.#root, "persistent", environmentId);
  }

  /** Unpacks the artifact unless that was done; takes the files over from `donor`, a stopped release of the same artifact, where there is one. */
  async prepare(release: Release, donor: string | undefined, signal: AbortSignal): Promise<void> {
    const folders = this.of(release.id);
    if (await exists(join(folders.base, "ready"))) return;
    await rm(folders.app, { recursive: true, force: true });
    await mkdir(folders.base, { recursive: true, mode: 0o700 });
    const takenOver = donor !== undefined && (await this.#takeOver(donor, folders.app));
    if (!takenOver)
      await openArtifact({
        teamId: release.teamId,
        digest: release.artifact,
        blobs: this.#blobs,
        to: folders.app,
        signal,
      });
    await writeFile(join(folders.base, "ready"), release.artifact);
  }

  async #takeOver(donor: string, app: string): Promise<boolean> {
    const from = this.of(donor);
    // Without its mark the donor is unpacked anew if it is ever needed again.
    await rm(join(from.base, "ready"), { force: true });
    try {
      await rename(from.app, app);
      return true;
    } catch {
      return false;
    }
  }

  isReady(releaseId: string): Promise<boolean> {
    return exists(join(this.of(releaseId).base, "ready"));
  }

  /** Removes the folders of all releases but the named ones. */
  async keepOnly(releaseIds: ReadonlySet<string>): Promise<void> {
    const found = await readdir(join(this.#root, "releases")).catch(() => []);
    for (const id of found)
      if (!releaseIds.has(id)) await rm(join(this.#root, "releases", id), { recursive: true, force: true });
  }

  async removeEnvironment(environmentId: string): Promise<void> {
    await rm(this.persistent(environmentId), { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
