export interface SecretScope {
  readonly teamId: string;
}

/** Immutable secret versions. Errors never hold a value, or a part of one. */
export interface SecretStore {
  /**
   * Keeps a value of at most 64 KiB. The same value again is fine, another one under the same id is `conflict`: a
   * changed secret is a new version. Errors: `too-large`, `invalid-input`, `locked`, `disk-full`.
   */
  put(scope: SecretScope, versionId: string, value: string): Promise<void>;
  /** The values of those versions that exist. Errors: `locked`, `data-damaged`. */
  get(scope: SecretScope, versionIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Removes versions, also while the store is locked; those that are not there are fine. */
  delete(scope: SecretScope, versionIds: readonly string[]): Promise<void>;
  /** `locked` while there is no key, or another one than the secrets were written with. */
  status(): Promise<"ready" | "locked">;
}

/** The most bytes of UTF-8 that a value may have. */
export const maxSecretBytes = 64 * 1024;
