import type { BlobStore } from "@cloudsmith/blobs";
import type { EventBus } from "@cloudsmith/events";
import type { GitHubAccess } from "@cloudsmith/github";
import type { LogStore } from "@cloudsmith/logs";
import type { SecretStore } from "@cloudsmith/secrets";
import type { SystemStore } from "@cloudsmith/store";
import type { Runner } from "./runner.ts";

/** What buildrelay works with. */
export interface BuildrelayContext {
  readonly store: SystemStore;
  readonly bus: EventBus;
  readonly blobs: BlobStore;
  readonly logs: LogStore;
  readonly secrets: SecretStore;
  /** The accounts that repositories are read with. */
  readonly github: GitHubAccess;
  readonly runner: Runner;
  /** Folder for unpacked sources; each job uses and removes one of its own below it. */
  readonly workDir: string;
  /** The builder's cache on this machine: it remembers snapshots of folders and commits that have not changed. */
  readonly cacheDir: string;
  readonly now: () => Date;
}
