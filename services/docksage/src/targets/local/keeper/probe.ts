import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Listener } from "../protocol.ts";
import { reachableAt } from "./processes/listeners.ts";
import { request } from "./node-http.ts";

/** Where an app answers HTTP, and with which status. */
export interface Answer {
  readonly host: string;
  readonly port: number;
  readonly status: number;
  /** The Host header that the app allows where it refuses its own; null where its own is fine. */
  readonly allowedHost: string | null;
}

export interface ProbeTarget {
  /** The port that the app was told. */
  readonly port: number;
  readonly portHint: number | null;
  readonly path: string;
  /** Host header: what real requests will carry. */
  readonly hostHeader: () => string;
  /** What the app's processes listen on now. */
  readonly listeners: () => Promise<Listener[]>;
  readonly onListeners: (listeners: Listener[]) => void;
}

/** How long a port other than the told one must stand alone before it counts as the app's: the one expected from its plan, any other. */
const hintedPortPatienceMs = 150;
const strangePortPatienceMs = 600;
const listenersEveryMs = 150;

/**
 * Waits until the app answers HTTP (any status) on the port it was told or, failing that, on another port its processes listen on.
 * Looks often at first, so that a fast start costs nothing. Ends only by an answer or by the signal.
 */
export async function waitForAnswer(target: ProbeTarget, signal: AbortSignal): Promise<Answer> {
  const began = Date.now();
  let lookedAt = 0;
  let strangeSince: number | null = null;
  for (;;) {
    signal.throwIfAborted();
    const isBound = await canConnect(target.port, signal);
    if (isBound || Date.now() - lookedAt >= listenersEveryMs) {
      lookedAt = Date.now();
      const listeners = await target.listeners();
      target.onListeners(listeners);
      const told = listeners.filter((listener) => listener.port === target.port);
      // Another program may have taken the port in the meantime; only the app's own listener counts.
      if (isBound && told.length > 0) {
        const answer = await firstAnswer(told, target, signal);
        if (answer !== null) return answer;
      }
      strangeSince = listeners.length > 0 && told.length === 0 ? (strangeSince ?? Date.now()) : null;
      if (strangeSince !== null && Date.now() - strangeSince >= patienceFor(listeners, target)) {
        const hinted = listeners.toSorted(
          (a, b) => Number(b.port === target.portHint) - Number(a.port === target.portHint),
        );
        const answer = await firstAnswer(hinted, target, signal);
        if (answer !== null) return answer;
      }
    }
    await delay(pauseAfter(Date.now() - began), undefined, { signal });
  }
}

function patienceFor(listeners: readonly Listener[], target: ProbeTarget): number {
  return listeners.some((listener) => listener.port === target.portHint) ? hintedPortPatienceMs : strangePortPatienceMs;
}

function pauseAfter(elapsedMs: number): number {
  if (elapsedMs < 5000) return 25;
  return elapsedMs < 20_000 ? 100 : 250;
}

async function firstAnswer(
  listeners: readonly Listener[],
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<Answer | null> {
  const seen = new Set<string>();
  for (const listener of listeners) {
    const host = reachableAt(listener.host);
    if (host === null || seen.has(`${host} ${listener.port}`)) continue;
    seen.add(`${host} ${listener.port}`);
    const at = { host, port: listener.port, path: target.path, hostHeader: target.hostHeader() };
    const status = await httpStatus(at, signal);
    if (status === null) continue;
    const allowed = refusalsOfHost.has(status) ? await allowedHostOf(at, signal) : null;
    return { host, port: listener.port, status, allowedHost: null, ...allowed };
  }
  return null;
}

/** What frameworks answer to a host name that is not on their list: Django 400, Rails and development servers 403, others 421 (RFC 9110). */
const refusalsOfHost: ReadonlySet<number> = new Set([400, 403, 421]);

/** An app that refuses its own name and answers as localhost was made for localhost only; that an API has no page at its path is an answer. */
async function allowedHostOf(
  at: { host: string; port: number; path: string },
  signal: AbortSignal,
): Promise<Pick<Answer, "status" | "allowedHost"> | null> {
  for (const name of ["localhost", "127.0.0.1"]) {
    const allowedHost = `${name}:${at.port}`;
    const status = await httpStatus({ ...at, hostHeader: allowedHost }, signal);
    if (status !== null && status < 500 && !refusalsOfHost.has(status)) return { status, allowedHost };
  }
  return null;
}

async function canConnect(port: number, signal: AbortSignal): Promise<boolean> {
  const tries = ["127.0.0.1", "::1"].map(
    (host) =>
      new Promise<boolean>((resolve) => {
        const socket = connect({ host, port, signal, timeout: 1000 });
        const settle = (isOpen: boolean) => {
          socket.destroy();
          resolve(isOpen);
        };
        socket.once("connect", () => settle(true));
        socket.once("error", () => settle(false));
        socket.once("timeout", () => settle(false));
      }),
  );
  return (await Promise.all(tries)).includes(true);
}

const firstPauseMs = 200;
const longestPauseMs = 2000;

/** While the health path answers 5xx it is asked again, so that a warm-up is told from a defect. Each status that comes; ends by one below 500 or the signal. */
export async function* statusesUntilRecovered(
  asked: Answer & { path: string; hostHeader: () => string },
  signal: AbortSignal,
): AsyncIterable<number> {
  let status: number | null = asked.status;
  for (
    let pauseMs = firstPauseMs;
    status !== null && status >= 500;
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)
  ) {
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    status = await httpStatus({ ...asked, hostHeader: asked.allowedHost ?? asked.hostHeader() }, signal);
    if (status !== null) yield status;
  }
}

/** The HTTP status of one GET; null when nothing speaks HTTP there within 10 seconds. Redirects are not followed, the body is not read. */
function httpStatus(
  at: { host: string; port: number; path: string; hostHeader: string },
  signal: AbortSignal,
): Promise<number | null> {
  return new Promise((resolve) => {
    const headers = { host: at.hostHeader, "user-agent": "cloudsmith-health", accept: "*/*" };
    const attempt = request({
      host: at.host,
      port: at.port,
      path: at.path,
      headers,
      agent: false,
      timeout: 10_000,
      signal,
    });
    attempt.once("response", (response) => {
      resolve(response.statusCode ?? null);
      response.destroy();
    });
    attempt.once("timeout", () => attempt.destroy());
    attempt.once("error", () => resolve(null));
    attempt.once("close", () => resolve(null));
    attempt.end();
  });
}
