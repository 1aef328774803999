import type { LiveMessage, Subscription } from "@cloudsmith/contracts/api";
import type { AgentServices } from "../services.ts";
import type { Progress } from "./live-cursor.ts";
import type { WakeUps } from "./wake-ups.ts";

/** What the source of a subscription sends through. */
export interface Channel {
  readonly services: AgentServices;
  readonly wakeUps: WakeUps;
  readonly teamId: string;
  readonly signal: AbortSignal;
  /** Waits while the reader is behind. `arrived` says where the subscription stands once this message has arrived; it is asked when the message takes its place. */
  readonly send: (message: LiveMessage, arrived: () => Progress) => Promise<void>;
  /** Where it stands now, without a message. */
  readonly mark: (progress: Progress) => void;
  readonly progress: () => Progress;
}

export type Of<T extends Subscription["type"]> = Extract<Subscription, { type: T }>;
