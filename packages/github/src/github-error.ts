import { CloudSmithError, type CloudSmithErrorOptions, type ErrorCode } from "@cloudsmith/contracts";
import * as z from "zod";

/** What GitHub or the network answered instead of what was asked for. Nothing of the request is kept: its body and headers hold secrets. */
export interface Refusal {
  /** Null where no answer came. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
}

/** A CloudSmith error that also says how the call may go on. */
export class GitHubError extends CloudSmithError {
  readonly status: number | null;
  /** Milliseconds after which GitHub wants to be asked again; null where waiting does not help. */
  readonly waitMs: number | null;
  /** Where it can be put right, at GitHub. */
  readonly url: string | null;
  /** The organization that refused. */
  readonly organization: string | null;

  constructor(code: ErrorCode, message: string, options: CloudSmithErrorOptions, facts: Partial<GitHubError> = {}) {
    super(code, message, options);
    this.status = facts.status ?? null;
    this.waitMs = facts.waitMs ?? null;
    this.url = facts.url ?? null;
    this.organization = facts.organization ?? null;
  }
}

const Thrown = z.object({
  message: z.string(),
  status: z.number(),
  response: z
    .object({
      status: z.number(),
      headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()),
      data: z.unknown(),
    })
    .optional(),
  cause: z.unknown(),
});

/** Reads what Octokit throws, without its request. */
export function refusalOf(error: unknown): Refusal {
  const thrown = Thrown.safeParse(error);
  if (!thrown.success) return { status: null, headers: {}, message: error instanceof Error ? error.name : "unknown" };
  const { response, message, cause } = thrown.data;
  if (response === undefined) return { status: null, headers: {}, message: networkReason(cause, message) };
  const said = z.object({ message: z.string() }).safeParse(response.data);
  return {
    status: response.status,
    headers: response.headers,
    message: (said.success ? said.data.message : message).slice(0, 300),
  };
}

function networkReason(cause: unknown, message: string): string {
  const inner = cause instanceof Error ? cause.cause : undefined;
  const code = inner instanceof Error && "code" in inner ? String(inner.code) : undefined;
  if (cause instanceof Error && cause.name === "TimeoutError") return "no answer in time";
  return code ?? message.slice(0, 200);
}

/** One error for each way in which GitHub can refuse; the first row that matches counts. Pure. */
export function gitHubError(refusal: Refusal, context: { web: string; now: Date }): GitHubError {
  const known = rows.map((row) => row(refusal, context)).find((each) => each !== undefined);
  return (
    known ??
    new GitHubError(
      "github-refused",
      "GitHub refused this",
      { why: `${refusal.message} (${refusal.status ?? "no answer"})`, fix: "Try again, or sign in anew" },
      { status: refusal.status },
    )
  );
}

type Row = (refusal: Refusal, context: { web: string; now: Date }) => GitHubError | undefined;

const rows: readonly Row[] = [
  ({ status, message }, { web }) =>
    status !== null && status < 500
      ? undefined
      : new GitHubError(
          "github-unreachable",
          "GitHub does not answer",
          {
            why: status === null ? `${web}: ${message}` : `${web} answered with ${status}`,
            fix: "What is deployed goes on. Try again in a while; see https://www.githubstatus.com, your network and your proxy",
          },
          { status },
        ),
  ({ status }) =>
    status !== 401
      ? undefined
      : new GitHubError(
          "github-signed-out",
          "GitHub no longer accepts this sign-in",
          {
            why: "It has expired, or was revoked at GitHub",
            fix: "What is deployed goes on. Sign in again under Settings, Accounts, or with: cloudsmith github connect",
          },
          { status },
        ),
  rateLimited,
  ({ status, headers }, { web }) => {
    const required = /^required; url=(\S+)/.exec(String(headers["x-github-sso"] ?? ""))?.[1];
    if (status !== 403 || required === undefined) return undefined;
    const url = required.startsWith(`${web}/`) ? required : null;
    return new GitHubError(
      "github-restricted",
      "The organization asks for a single sign-on",
      {
        why: "Its SAML sign-on has not been made with this sign-in",
        fix: url === null ? "Authorize it for the organization at GitHub" : `Authorize it at GitHub: ${url}`,
      },
      { status, url },
    );
  },
  ({ status, message }, { web }) => {
    const organization = /the `([\w.-]+)` organization has enabled OAuth App access restrictions/i.exec(message)?.[1];
    if (status !== 403 || organization === undefined) return undefined;
    const url = `${web}/organizations/${organization}/settings/oauth_application_policy`;
    return new GitHubError(
      "github-restricted",
      `${organization} does not let this app in`,
      {
        why: "The organization restricts which OAuth apps may read its repositories",
        fix: `Ask an owner of ${organization} to approve it: ${url}. Or create a GitHub App of your own and let the owner install it`,
      },
      { status, url, organization },
    );
  },
  ({ status, message }) =>
    status !== 403 || !/not accessible by/i.test(message)
      ? undefined
      : new GitHubError(
          "github-refused",
          "The account may not read this",
          {
            why: message,
            fix: "Give it the permission Contents: read-only for this repository at GitHub",
          },
          { status },
        ),
  ({ status }) =>
    status !== 404
      ? undefined
      : new GitHubError(
          "not-found",
          "GitHub shows no such repository to this account",
          {
            why: "It was deleted, or the account may no longer read it",
            fix: "Check that the account (or the installation of its app) can read the repository, or choose another account",
          },
          { status },
        ),
];

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
function rateLimited({ status, headers, message }: Refusal, { now }: { now: Date }): GitHubError | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const retryAfter = Number(headers["retry-after"]);
  const primary = String(headers["x-ratelimit-remaining"]) === "0";
  const secondary = Number.isFinite(retryAfter) || /secondary rate limit|abuse detection/i.test(message);
  if (!primary && !secondary && status !== 429) return undefined;
  const waitMs = Number.isFinite(retryAfter)
    ? retryAfter * 1000
    : primary
      ? Math.max(0, Number(headers["x-ratelimit-reset"]) * 1000 - now.getTime())
      : 60_000;
  const until = new Date(now.getTime() + waitMs);
  return new GitHubError(
    "rate-limited",
    `GitHub's rate limit is used up until ${clock(until)}`,
    {
      why: secondary
        ? "Too many requests came at once"
        : `${headers["x-ratelimit-limit"] ?? "All"} requests of this hour were made with this account`,
      fix: `Try again after ${clock(until)}; what is deployed goes on`,
    },
    { status, waitMs },
  );
}

function clock(at: Date): string {
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}
