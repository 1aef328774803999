import type { BlobStore } from "@cloudsmith/blobs";
import type { EventBus } from "@cloudsmith/events";
import type { LogStore } from "@cloudsmith/logs";
import type { SecretStore } from "@cloudsmith/secrets";
import type { SystemStore } from "@cloudsmith/store";
import type { Target } from "./targets/target.ts";

/** What docksage works with. */
export interface DocksageContext {
  readonly store: SystemStore;
  readonly bus: EventBus;
  readonly blobs: BlobStore;
  readonly logs: LogStore;
  readonly secrets: SecretStore;
  readonly target: Target;
  readonly now: () => Date;
  /** The longest that a release command may take, in seconds; 30 minutes by default. */
  readonly releaseCommandSeconds?: number;
}
