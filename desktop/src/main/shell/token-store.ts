import * as z from "zod";
import type { JsonFile } from "../json-file.ts";

/** Tokens of connections, by the connection's name; `sealed` ones are encrypted by the system's key store. */
export const StoredTokens = z.record(z.string(), z.object({ sealed: z.boolean(), value: z.string() }));
export type StoredTokens = z.infer<typeof StoredTokens>;

/** The system's key store, as Electron's safeStorage offers it. */
export interface KeyStore {
  /** Whether secrets are really kept by the system: a fixed key in the program is none. */
  isSafe(): boolean;
  seal(text: string): Buffer;
  open(sealed: Buffer): string;
}

export type WithoutKeyStore = "until-quit" | "plain-file";

/**
 * Keeps connection tokens. Where the machine has no key store a person chooses: keep them until the app quits, or in a file that only they
 * can read.
 */
export class TokenStore {
  readonly #file: JsonFile<StoredTokens>;
  readonly #keys: KeyStore;
  readonly #choose: () => Promise<WithoutKeyStore>;
  readonly #untilQuit = new Map<string, string>();

  constructor(file: JsonFile<StoredTokens>, keys: KeyStore, choose: () => Promise<WithoutKeyStore>) {
    this.#file = file;
    this.#keys = keys;
    this.#choose = choose;
  }

  /** The token, or undefined where none is kept or the key store cannot open it any more. */
  get(name: string): string | undefined {
    const stored = this.#file.value[name];
    if (stored === undefined) return this.#untilQuit.get(name);
    if (!stored.sealed) return stored.value;
    try {
      return this.#keys.isSafe() ? this.#keys.open(Buffer.from(stored.value, "base64")) : undefined;
    } catch {
      // Sealed by another user, or by a key store that was reset: as good as not there.
      return undefined;
    }
  }

  async set(name: string, token: string): Promise<void> {
    if (this.#keys.isSafe()) {
      this.#put(name, { sealed: true, value: this.#keys.seal(token).toString("base64") });
    } else if ((await this.#choose()) === "plain-file") {
      this.#put(name, { sealed: false, value: token });
    } else {
      this.#untilQuit.set(name, token);
    }
    await this.#file.written();
  }

  async forget(name: string): Promise<void> {
    this.#untilQuit.delete(name);
    const { [name]: _, ...others } = this.#file.value;
    this.#file.set(others);
    await this.#file.written();
  }

  #put(name: string, entry: StoredTokens[string]): void {
    this.#file.set({ ...this.#file.value, [name]: entry });
  }
}
