import { openArtifact } from "@cloudsmith/builder";
import type { BlobStore } from "@cloudsmith/blobs";
import type { Release } from "@cloudsmith/contracts";
import { randomUUID } from "node:crypto";
import { access, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cloneTree } from "./clone-tree.ts";

/** A younger folder may be of a release that came after the releases were listed, in milliseconds. */
const graceMs = 10 * 60_000;

/**
 * Folders of the local target below one root: `artifacts/<digest>` as unpacked and never run in, `spares/<digest>` cloned from those for the
 * next release, `releases/<release>/{app,home,tmp,ready}`, and `persistent/<environment>`.
 */
export class ReleaseFolders {
  readonly #root: string;
  readonly #blobs: BlobStore;
  readonly #cacheDir: string;
  /** Folders that are being made at this moment. */
  readonly #making = new Set<string>();

  constructor(options: { root: string; blobs: BlobStore; cacheDir: string }) {
    this.#root = options.root;
    this.#blobs = options.blobs;
    this.#cacheDir = options.cacheDir;
  }

  of(releaseId: string): { base: string; app: string; home: string; temp: string } {
    const base = join(this.#root, "releases", releaseId);
    return { base, app: join(base, "app"), home: join(base, "home"), temp: join(base, "tmp") };
  }

  persistent(environmentId: string): string {
    return join(this.#root, "persistent", environmentId);
  }

  /** Puts the artifact's files in place unless that was done. */
  async prepare(release: Release, signal: AbortSignal): Promise<void> {
    const { base, app } = this.of(release.id);
    if (await exists(join(base, "ready"))) return;
    const artifact = await this.#artifact(release, signal);
    await rm(app, { recursive: true, force: true });
    await mkdir(base, { recursive: true, mode: 0o700 });
    const spare = join(this.#root, "spares", artifactName(release.artifact));
    const taken = await rename(spare, app).then(
      () => true,
      () => false,
    );
    if (!taken) await cloneTree(artifact, app, signal);
    await writeFile(join(base, "ready"), release.artifact);
    this.#stock(artifact, spare, signal);
  }

  /** Clones the artifact once more, for the redeploy or rollback that may come: it then has its files at once. */
  #stock(artifact: string, spare: string, signal: AbortSignal): void {
    const fresh = `${spare}.new-${randomUUID()}`;
    this.#making.add(fresh);
    mkdir(dirname(spare), { recursive: true, mode: 0o700 })
      .then(() => cloneTree(artifact, fresh, signal))
      .then(() => rename(fresh, spare))
      // One is there already, the disk is full or the agent stops: the next release is cloned when it comes.
      .catch(() => rm(fresh, { recursive: true, force: true }))
      // Not even that could be removed: the next sweep tries again.
      .catch(() => undefined)
      .finally(() => this.#making.delete(fresh));
  }

  /** The unpacked artifact, for releases to be cloned from; made on first use. */
  async #artifact({ id, teamId, artifact: digest }: Release, signal: AbortSignal): Promise<string> {
    const folder = join(this.#root, "artifacts", artifactName(digest));
    if (await exists(folder)) return folder;
    const fresh = `${folder}.new-${id}`;
    this.#making.add(fresh);
    try {
      await rm(fresh, { recursive: true, force: true });
      await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
      await openArtifact({ teamId, digest, blobs: this.#blobs, to: fresh, cacheDir: this.#cacheDir, signal });
      await rename(fresh, folder);
    } catch (error) {
      await rm(fresh, { recursive: true, force: true });
      // Two releases of one artifact at the same moment: the other's serves both.
      if (!(await exists(folder))) throw error;
    } finally {
      this.#making.delete(fresh);
    }
    return folder;
  }

  isReady(releaseId: string): Promise<boolean> {
    return exists(join(this.of(releaseId).base, "ready"));
  }

  /** Removes the folders of all releases and artifacts but those of the named releases. */
  async keepOnly(releases: readonly Pick<Release, "id" | "artifact">[]): Promise<void> {
    await this.#removeOthers("releases", new Set(releases.map((each) => each.id)));
    const artifacts = new Set(releases.map((each) => artifactName(each.artifact)));
    await this.#removeOthers("artifacts", artifacts);
    await this.#removeOthers("spares", artifacts);
  }

  async #removeOthers(kind: "releases" | "artifacts" | "spares", keep: ReadonlySet<string>): Promise<void> {
    const folder = join(this.#root, kind);
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      if (name.includes(".new-")) {
        // Nobody finishes what a killed process was making.
        if (!this.#making.has(path)) await rm(path, { recursive: true, force: true });
        continue;
      }
      if (keep.has(name)) continue;
      const age = Date.now() - ((await stat(path).catch(() => undefined))?.birthtimeMs ?? 0);
      if (age > graceMs) await rm(path, { recursive: true, force: true });
    }
  }

  async removeEnvironment(environmentId: string): Promise<void> {
    await rm(this.persistent(environmentId), { recursive: true, force: true });
  }
}

function artifactName(digest: string): string {
  return digest.replace(":", "-");
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
