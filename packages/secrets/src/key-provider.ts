/** Where the 256-bit master key of an install comes from. */
export interface KeyProvider {
  readonly name: string;
  /**
   * The 32 bytes of the key, or `locked` when it cannot be had now. Creates the key on first use, unless `mayCreate` is
   * false: the store says so when secrets exist, since a new key could not open them.
   */
  load(options?: { readonly mayCreate?: boolean }): Promise<Uint8Array | "locked">;
}
