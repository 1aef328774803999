import type { GitHubServer } from "@cloudsmith/contracts";
import { Octokit } from "@octokit/core";
import pRetry from "p-retry";
import { setTimeout as wait } from "node:timers/promises";
import type * as z from "zod";
import { GitHubError, gitHubError, refusalOf } from "./github-error.ts";

export interface CallLimits {
  /** Milliseconds for one answer. */
  readonly timeoutMs: number;
  /** A rate limit that ends within so many milliseconds is waited for. */
  readonly patienceMs: number;
  /** Further tries of what only reads, where GitHub does not answer. */
  readonly retries: number;
}

export const defaultLimits: CallLimits = { timeoutMs: 20_000, patienceMs: 5000, retries: 2 };

export interface ClientOptions {
  readonly server: GitHubServer;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: CallLimits | undefined;
  readonly now?: (() => Date) | undefined;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Octokit for one GitHub: every call has a bound, what only reads is tried again where GitHub does not answer, short rate limits are waited for, and
 * what is thrown is a GitHubError without anything of the request. It logs nothing: addresses may hold one-time codes.
 */
export function octokitFor(options: ClientOptions): typeof Octokit {
  const { server } = options;
  return Octokit.plugin((octokit) => {
    octokit.hook.wrap("request", (request, endpoint) =>
      withRetries(
        async () => {
          const signals = [AbortSignal.timeout((options.limits ?? defaultLimits).timeoutMs)];
          if (options.signal !== undefined) signals.push(options.signal);
          const bounded = { ...endpoint, request: { ...endpoint.request, signal: AbortSignal.any(signals) } };
          return request(bounded);
        },
        options,
        endpoint.method,
      ),
    );
  }).defaults({ baseUrl: server.api, userAgent: "CloudSmith", log: silent });
}

async function withRetries<T>(call: () => Promise<T>, options: ClientOptions, method: string): Promise<T> {
  const { server, signal, limits = defaultLimits, now = () => new Date() } = options;
  const attempt = async (): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      signal?.throwIfAborted();
      if (isNotModified(error)) throw error;
      throw gitHubError(refusalOf(error), { web: server.web, now: now() });
    }
  };
  const waits = (error: unknown): error is GitHubError =>
    error instanceof GitHubError && error.waitMs !== null && error.waitMs <= limits.patienceMs;
  return pRetry(attempt, {
    retries: limits.retries,
    minTimeout: 150,
    factor: 4,
    ...(signal !== undefined && { signal }),
    shouldRetry: ({ error }) =>
      waits(error) || (method === "GET" && error instanceof GitHubError && error.code === "github-unreachable"),
    onFailedAttempt: async ({ error, retriesLeft }) => {
      if (retriesLeft > 0 && waits(error)) await wait(error.waitMs ?? 0, undefined, { signal });
    },
  });
}

/** Whether an answer said that nothing has changed since the ETag that was sent. */
export function isNotModified(error: unknown): boolean {
  return error instanceof Error && "status" in error && error.status === 304;
}

/** Reads an answer; one of another shape does not come from a GitHub (a proxy's or a hotel's page). */
export function parseAnswer<S extends z.ZodType>(schema: S, data: unknown, server: GitHubServer): z.infer<S> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw notGitHub(server);
}

export function notGitHub(server: GitHubServer): GitHubError {
  return new GitHubError("github-unreachable", "Something else than GitHub answered", {
    why: `What came from ${server.api} is not what GitHub's API gives`,
    fix: "Check your network, your proxy and CLOUDSMITH_GITHUB_URL, then try again",
  });
}
