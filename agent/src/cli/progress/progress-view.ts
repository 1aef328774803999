import type { Deployment, TimelineEntry } from "@cloudsmith/contracts";
import type { LiveMessage } from "@cloudsmith/contracts/api";

export type LogMessage = Extract<LiveMessage, { type: "log" }>;

/** Shows a deployment while it goes on. */
export interface ProgressView {
  timeline(entry: TimelineEntry, deployment: Deployment): void;
  log(message: LogMessage): void;
  /** Clears what is redrawn; while a question stands, nothing is drawn. */
  pause(): void;
  resume(): void;
  /** Draws nothing any more; what is final stays. */
  close(): void;
}
