import type { Agent as HttpAgent, IncomingMessage, ServerResponse } from "node:http";
import type { TrafficCounter } from "../metrics/traffic-counter.ts";
import { Agent } from "../node-http.ts";

/** Where a release answers now. */
export type BackendTarget =
  | {
      readonly type: "process";
      readonly host: string;
      readonly port: number;
      /** The Host header that it allows where it refuses its own name. */
      readonly allowedHost: string | null;
    }
  | { readonly type: "static"; readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> };

/** A release as the proxy sees it. */
export interface Backend {
  readonly releaseId: string;
  readonly traffic: TrafficCounter;
  readonly exchanges: Exchanges;
  readonly agent: HttpAgent;
  /** Null while the app does not answer. */
  readonly target: BackendTarget | null;
  readonly isStopped: boolean;
  readonly isCrashing: boolean;
  /** Whether waiting a few seconds is likely to help. */
  readonly isExpectedSoon: boolean;
  noteRefused(): void;
}

/** Requests and upgraded connections that a release is busy with. */
export class Exchanges {
  readonly #open = new Map<object, () => void>();
  #onEmpty: (() => void) | null = null;

  get count(): number {
    return this.#open.size;
  }

  /** Counts an exchange until the given function is called; `close` breaks it off. */
  begin(close: () => void): () => void {
    const key = {};
    this.#open.set(key, close);
    return () => {
      if (this.#open.delete(key) && this.#open.size === 0) this.#onEmpty?.();
    };
  }

  /** Waits until all exchanges have ended or the signal fires. */
  async untilIdle(signal: AbortSignal): Promise<void> {
    if (this.#open.size === 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  closeAll(): void {
    for (const close of this.#open.values()) close();
  }
}

/** Servers that say nothing about it close idle connections after 2 s and more; ours go before that, so that none is closed while a request is sent on it. */
const idleConnectionMs = 1500;

/** Connections to one app, reused while they are warm. */
export function createBackendAgent(): HttpAgent {
  return new Agent({ keepAlive: true, maxFreeSockets: 32, scheduling: "lifo", timeout: idleConnectionMs });
}
