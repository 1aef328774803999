import { setTimeout as wait } from "node:timers/promises";
import type { FastifyReply } from "fastify";

/** What is wrong with the double at the moment. */
export interface Faults {
  /** Milliseconds before each answer. */
  delayMs: number;
  /** `error`: 502; `reset`: the connection breaks; `garbage`: a page of somebody else, with 200; `hang`: no answer. */
  broken: "error" | "reset" | "garbage" | "hang" | null;
  /** How many further requests are answered so; then all is well again. */
  brokenTimes: number;
  /** What is left of an account's requests. */
  remaining: number;
  /** When the limit begins anew, in seconds since 1970. */
  resetAt: number;
  /** Seconds to wait that the secondary limit asks for; null: it is not hit. */
  secondarySeconds: number | null;
  secondaryTimes: number;
}

export const requestsAnHour = 5000;

export function noFaults(): Faults {
  return {
    delayMs: 0,
    broken: null,
    brokenTimes: Number.POSITIVE_INFINITY,
    remaining: requestsAnHour,
    resetAt: Math.floor(Date.now() / 1000) + 3600,
    secondarySeconds: null,
    secondaryTimes: Number.POSITIVE_INFINITY,
  };
}

/** Breaks a request where the double is broken; true where it was answered so. */
export async function breakRequest(faults: Faults, reply: FastifyReply): Promise<boolean> {
  if (faults.delayMs > 0) await wait(faults.delayMs);
  if (faults.broken === null || faults.brokenTimes <= 0) return false;
  faults.brokenTimes -= 1;
  if (faults.broken === "error")
    void reply.status(502).type("text/html").send("<html><body>502 Bad Gateway</body></html>");
  if (faults.broken === "garbage")
    void reply.status(200).type("text/html").send("<html><body>Welcome to our hotel</body></html>");
  if (faults.broken === "reset") {
    reply.hijack();
    reply.raw.socket?.resetAndDestroy();
  }
  if (faults.broken === "hang") reply.hijack();
  return true;
}

/** Headers and, where a limit is hit, the answer; https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api. True where it was answered. */
export function limitRequest(faults: Faults, reply: FastifyReply): boolean {
  const secondary = faults.secondarySeconds !== null && faults.secondaryTimes > 0;
  const exhausted = faults.remaining <= 0;
  if (!secondary && !exhausted) faults.remaining -= 1;
  void reply.headers({
    "x-ratelimit-limit": String(requestsAnHour),
    "x-ratelimit-remaining": String(Math.max(0, faults.remaining)),
    "x-ratelimit-used": String(requestsAnHour - faults.remaining),
    "x-ratelimit-reset": String(faults.resetAt),
    "x-ratelimit-resource": "core",
  });
  if (secondary) {
    faults.secondaryTimes -= 1;
    void reply.status(403).header("retry-after", String(faults.secondarySeconds)).send({
      message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
      documentation_url:
        "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits",
    });
  } else if (exhausted) {
    void reply.status(403).send({
      message: "API rate limit exceeded for user ID 1.",
      documentation_url: "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api",
    });
  }
  return secondary || exhausted;
}
