export { keyFile } from "./key-file.ts";
export type { KeyProvider } from "./key-provider.ts";
export { type FileSecretStore, openFileSecrets } from "./file-secrets.ts";
export { maxSecretBytes, type SecretScope, type SecretStore } from "./secret-store.ts";
