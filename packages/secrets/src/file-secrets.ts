import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CloudSmithError, TeamId, toCloudSmithError } from "@cloudsmith/contracts";
import type { KeyProvider } from "./key-provider.ts";
import { createWhole, hasCode, namesIn, readIfThere, replaceWhole, sweepTempFiles } from "./safe-file.ts";
import { keyIdOf, type MasterKey, masterKey, otherKey, seal, unseal } from "./seal.ts";
import { maxSecretBytes, type SecretScope, type SecretStore } from "./secret-store.ts";

const versionIdPattern = /^[a-z]{2,8}_[0-9a-z]{4,64}$/;

export interface FileSecretStore extends SecretStore {
  /**
   * Seals every secret again under the key of another provider, which this store then uses. Stopped in the middle, it
   * goes on where it was when it is called again; until then the store opens only what the old key still sealed.
   */
  rotate(newProvider: KeyProvider): Promise<{ readonly resealed: number }>;
  /** Removes temp files of killed writers, once they are an hour old. */
  sweep(): Promise<void>;
}

/**
 * Secrets as 0600 files `<dir>/<team>/<version>`, sealed by AES-256-GCM under one key. `<dir>/key-id` names that key, so
 * that a lost or exchanged one is noticed before anything is read or written.
 */
export function openFileSecrets(options: { dir: string; keyProvider: KeyProvider }): FileSecretStore {
  return new FileSecrets(options.dir, options.keyProvider);
}

class FileSecrets implements FileSecretStore {
  readonly #dir: string;
  readonly #keyIdFile: string;
  #provider: KeyProvider;
  #key: MasterKey | undefined;

  constructor(dir: string, provider: KeyProvider) {
    this.#dir = dir;
    this.#keyIdFile = join(dir, "key-id");
    this.#provider = provider;
  }

  async put(scope: SecretScope, versionId: string, value: string): Promise<void> {
    const name = nameOf(scope, versionId);
    const bytes = bytesOf(value);
    const key = await this.#unlocked();
    const sealed = seal(key, name, bytes);
    if (await withDiskErrors(() => createWhole(join(this.#dir, name), sealed))) return;
    const stored = await readIfThere(join(this.#dir, name));
    if (stored !== undefined && unseal(key, name, stored).equals(bytes)) return;
    throw new CloudSmithError("conflict", `The secret version ${versionId} exists with another value`, {
      why: "A version never changes",
      fix: "Set the secret again: that makes a new version",
    });
  }

  async get(scope: SecretScope, versionIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const key = await this.#unlocked();
    const values = new Map<string, string>();
    for (const versionId of versionIds) {
      const name = nameOf(scope, versionId);
      const sealed = await readIfThere(join(this.#dir, name));
      if (sealed !== undefined) values.set(versionId, unseal(key, name, sealed).toString("utf8"));
    }
    return values;
  }

  async delete(scope: SecretScope, versionIds: readonly string[]): Promise<void> {
    for (const versionId of versionIds) await rm(join(this.#dir, nameOf(scope, versionId)), { force: true });
  }

  async status(): Promise<"ready" | "locked"> {
    try {
      await this.#unlocked();
      return "ready";
    } catch (error) {
      if (error instanceof CloudSmithError && error.code === "locked") return "locked";
      throw error;
    }
  }

  async rotate(newProvider: KeyProvider): Promise<{ resealed: number }> {
    const next = await loadKey(newProvider, true);
    const recorded = await this.#recordedKeyId();
    // The old key may be gone once everything is under the new one, as after a crash just before the end.
    const old = masterKeyOrUndefined(await this.#provider.load({ mayCreate: recorded === undefined }));
    let resealed = await this.#reseal(old, next);
    await withDiskErrors(() => replaceWhole(this.#keyIdFile, Buffer.from(`${next.id}\n`)));
    // Another process may have put one under the old key while this one was at work.
    resealed += await this.#reseal(old, next);
    this.#provider = newProvider;
    this.#key = next;
    return { resealed };
  }

  async sweep(): Promise<void> {
    await sweepTempFiles(this.#dir);
    for (const team of await this.#teams()) await sweepTempFiles(join(this.#dir, team));
  }

  async #reseal(old: MasterKey | undefined, next: MasterKey): Promise<number> {
    let resealed = 0;
    for (const name of await this.#names()) {
      const path = join(this.#dir, name);
      const sealed = await readIfThere(path);
      if (sealed === undefined || keyIdOf(sealed) === next.id) continue;
      if (old === undefined) throw lockedBy(this.#provider);
      const again = seal(next, name, unseal(old, name, sealed));
      await withDiskErrors(() => replaceWhole(path, again));
      resealed += 1;
    }
    return resealed;
  }

  /** The key, checked against the id that the folder names. */
  async #unlocked(): Promise<MasterKey> {
    const recorded = await this.#recordedKeyId();
    if (this.#key !== undefined && this.#key.id === recorded) return this.#key;
    const key = await loadKey(this.#provider, recorded === undefined);
    if (recorded === undefined) {
      await withDiskErrors(() => createWhole(this.#keyIdFile, Buffer.from(`${key.id}\n`)));
    }
    const agreed = await this.#recordedKeyId();
    if (agreed !== key.id) throw otherKey(agreed ?? "unknown");
    this.#key = key;
    return key;
  }

  async #recordedKeyId(): Promise<string | undefined> {
    return (await readIfThere(this.#keyIdFile))?.toString("latin1").trim();
  }

  async #names(): Promise<string[]> {
    const names: string[] = [];
    for (const team of await this.#teams()) {
      const versions = await namesIn(join(this.#dir, team));
      names.push(...versions.filter((name) => versionIdPattern.test(name)).map((name) => `${team}/${name}`));
    }
    return names;
  }

  async #teams(): Promise<string[]> {
    return (await namesIn(this.#dir)).filter((name) => TeamId.safeParse(name).success);
  }
}

async function loadKey(provider: KeyProvider, mayCreate: boolean): Promise<MasterKey> {
  const key = masterKeyOrUndefined(await provider.load({ mayCreate }));
  if (key === undefined) throw lockedBy(provider);
  return key;
}

function masterKeyOrUndefined(loaded: Uint8Array | "locked"): MasterKey | undefined {
  return loaded === "locked" ? undefined : masterKey(loaded);
}

function lockedBy(provider: KeyProvider): CloudSmithError {
  return new CloudSmithError("locked", "The secrets are locked", {
    why: `The key cannot be had from the ${provider.name}`,
    fix: "Unlock it and try again",
  });
}

function nameOf({ teamId }: SecretScope, versionId: string): string {
  if (!TeamId.safeParse(teamId).success || !versionIdPattern.test(versionId)) {
    throw new CloudSmithError("invalid-input", "That is no id of a team and of a secret version");
  }
  return `${teamId}/${versionId}`;
}

function bytesOf(value: string): Buffer {
  if (!value.isWellFormed()) {
    throw new CloudSmithError("invalid-input", "The secret is not text", {
      why: "It holds half of a character, which UTF-8 cannot keep",
      fix: "Encode binary secrets as base64",
    });
  }
  const bytes = Buffer.from(value);
  if (bytes.length > maxSecretBytes) {
    throw new CloudSmithError("too-large", `The secret is larger than ${maxSecretBytes / 1024} KiB`, {
      fix: "Keep large files in object storage, and the address or password of it as the secret",
    });
  }
  return bytes;
}

async function withDiskErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw hasCode(error, "ENOSPC") || hasCode(error, "EDQUOT") ? toCloudSmithError(error) : error;
  }
}
