export type { BlobItem, BlobScope, BlobStore, PutOptions } from "./blob-store.ts";
export { openFileBlobs } from "./file-blobs.ts";
