import type { Credentials, GitHubSignIn, TokenContext } from "@cloudsmith/authspire";
import type { BlobStore } from "@cloudsmith/blobs";
import type { MetricPoint, Usage } from "./telemetry.ts";
import type { EventBus } from "@cloudsmith/events";
import type { GitHubAccess, RepositoryLists } from "@cloudsmith/github";
import type { LogStore } from "@cloudsmith/logs";
import type { SecretStore } from "@cloudsmith/secrets";
import type { SystemStore } from "@cloudsmith/store";
import type * as z from "zod";
import type { DoctorCheck, SystemInfo } from "@cloudsmith/contracts/api";

/** Figures of what runs; the local target asks its keeper, others their cloud. */
export interface Telemetry {
  usage(): Promise<ReadonlyMap<string, Usage>>;
  query(query: { environmentId: string; since: string; until?: string; stepSeconds: number }): Promise<MetricPoint[]>;
}

/** Accounts at GitHub and what they can read. */
export interface GitHubServices {
  readonly context: TokenContext;
  readonly access: GitHubAccess;
  readonly lists: RepositoryLists;
  readonly signIn: GitHubSignIn;
}

/** Everything that the API stands on. `compose/` makes it; nothing else chooses adapters. */
export interface AgentServices {
  readonly store: SystemStore;
  readonly bus: EventBus;
  readonly blobs: BlobStore;
  readonly logs: LogStore;
  readonly secrets: SecretStore;
  readonly credentials: Credentials;
  readonly github: GitHubServices;
  readonly telemetry: Telemetry;
  /** Folder for sources that are only planned. */
  readonly planDir: string;
  /** Where it is remembered what was fetched before. */
  readonly cacheDir: string;
  /** Samples that came with CloudSmith, and where their copies go. */
  readonly samples: { readonly from: string; readonly to: string };
  /** The top of what a person may choose folders from. */
  readonly homeFolder: string;
  readonly now: () => Date;
  info(): z.infer<typeof SystemInfo>;
  doctor(signal: AbortSignal): Promise<z.infer<typeof DoctorCheck>[]>;
  clean(): Promise<{ freedBytes: number }>;
  supportBundle(teamId: string): Promise<{ name: string; content: string }[]>;
  /** Gives the installation a new bearer token where the revoked one was its own, so that its command line is not locked out. */
  renewInstallToken(revokedId: string): Promise<void>;
  shutdown(apps: "keep" | "stop"): void;
}
