import type { IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Backend } from "./backend.ts";
import type { ForwardResult } from "./forward.ts";
import { findAmbiguity } from "./headers.ts";
import { pages, type Page } from "./pages.ts";
import type { PlacedRoute } from "./route-table.ts";

/** How long a request waits for an app that is starting or coming back. */
const patienceMs = 10_000;
/** Attempts to send one request after its connection could not be made or broke; waiting for the app is not counted. */
const longestRetry = 20;

/** What the proxy asks of the keeper; every answer is the state of this very moment. */
export interface Gateway {
  route(localPort: number | undefined, host: string | undefined): PlacedRoute | null;
  backend(route: PlacedRoute): Backend | null;
  /** The route of the same environment now; null when it was removed. */
  again(route: PlacedRoute): PlacedRoute | null;
  /** Resolves at the next change of routes or releases, or when the signal fires. */
  changed(signal: AbortSignal): Promise<void>;
}

/** A request or upgrade, and what can be done with it. */
export interface Job {
  readonly request: IncomingMessage;
  readonly isGone: () => boolean;
  /** Breaks the exchange off. */
  readonly abort: () => void;
  readonly refuse: (page: Page) => void;
  readonly pass: (backend: Backend) => Promise<ForwardResult>;
}

/** Begins with the first wait, so that a request that need not wait has no timer. */
class Patience {
  #signal: AbortSignal | null = null;

  get signal(): AbortSignal {
    return (this.#signal ??= AbortSignal.timeout(patienceMs));
  }

  get isOver(): boolean {
    return this.#signal?.aborted ?? false;
  }
}

/** Finds the release for a request and passes it on; waits and looks again while the app is expected soon. */
export async function passOn(gateway: Gateway, job: Job): Promise<void> {
  const ambiguity = findAmbiguity(job.request);
  if (ambiguity !== null) return job.refuse(ambiguity);
  const patience = new Patience();
  let failures = 0;
  let route = gateway.route(job.request.socket.localPort, job.request.headers.host);
  while (route !== null && !job.isGone()) {
    const backend = gateway.backend(route);
    const page = whyNot(route, backend, patience.isOver);
    if (page !== null) return job.refuse(page);
    if (backend === null || backend.target === null) await gateway.changed(patience.signal);
    else {
      const result = await passCounted(job, backend);
      if (result === "answered") return;
      failures += 1;
      if (result === "broken" || failures > longestRetry)
        return job.refuse(result === "refused" ? pages.crashed : pages.broken);
      if (result === "refused") backend.noteRefused();
      // The end of a process is seen a moment after its connections broke.
      await delay(5 * failures, undefined, { signal: patience.signal }).catch(() => undefined);
    }
    route = gateway.again(route);
  }
  if (!job.isGone()) job.refuse(pages.unknownHost);
}

async function passCounted(job: Job, backend: Backend): Promise<ForwardResult> {
  const end = backend.exchanges.begin(job.abort);
  try {
    return await job.pass(backend);
  } finally {
    end();
  }
}

/** The page for a request that cannot be passed on now and need not wait; null when it can or should. */
function whyNot(route: PlacedRoute, backend: Backend | null, isLate: boolean): Page | null {
  if (route.state === "stopped") return pages.stopped;
  if (route.releaseId === null) return route.state === "deploying" ? pages.deploying : pages.nothingDeployed;
  if (backend === null) return isLate ? pages.starting : null;
  if (backend.isStopped) return pages.stopped;
  if (backend.target !== null) return null;
  if (!isLate && backend.isExpectedSoon) return null;
  return backend.isCrashing ? pages.crashed : pages.starting;
}
