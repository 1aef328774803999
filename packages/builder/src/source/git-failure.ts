import { CloudSmithError, type CauseCode } from "@cloudsmith/contracts";
import type { GitResult } from "./run-git.ts";

interface GitCause {
  readonly code: CauseCode;
  readonly pattern: RegExp;
  readonly message: string;
  readonly fix: string;
}

/** What Git and ssh print, and what it means. The first row that matches counts. */
const gitCauses: readonly GitCause[] = [
  {
    code: "git-ref-not-found",
    pattern: /couldn't find remote ref|not our ref|unadvertised object|Remote branch .* not found/i,
    message: "The branch, tag or commit does not exist",
    fix: "Name a branch, tag or commit that exists after #",
  },
  {
    code: "git-protocol-refused",
    pattern: /transport '.*' not allowed/i,
    message: "The transport is refused",
    fix: "Use https://, ssh:// or file://",
  },
  {
    code: "git-host-unreachable",
    pattern:
      /Could not resolve host|Connection refused|Connection timed out|Network is unreachable|No route to host|Failed to connect|Couldn't connect|Operation timed out|Name or service not known|Temporary failure in name resolution|SSL certificate problem|returned error: 5\d\d|from proxy after CONNECT/i,
    message: "The Git server cannot be reached",
    fix: "Check the address, your network and your proxy, then deploy again",
  },
  {
    code: "git-auth",
    pattern:
      /could not read (Username|Password)|Authentication failed|Permission denied|terminal prompts disabled|returned error: 40[13]|Host key verification failed/i,
    message: "The Git server refused the credentials",
    fix: "Check that the address is right and that your Git credentials (ssh key, credential helper or token) can read the repository",
  },
  {
    code: "source-not-found",
    pattern:
      /Repository not found|does not appear to be a git repository|not found|does not exist|returned error: 404|No such file or directory/i,
    message: "There is no such repository",
    fix: "Check the address; a private repository needs credentials",
  },
];

/** The CloudSmith error of a failed Git command. */
export function gitFailure(ref: { readonly url: string }, result: GitResult): CloudSmithError {
  if (result.timedOut) {
    return new CloudSmithError("git-timeout", `Fetching ${ref.url} took too long and was stopped`, {
      fix: "Deploy again; if the repository is large, remove large files from it or raise the limit",
    });
  }
  const known = gitCauses.find((cause) => cause.pattern.test(result.stderr));
  const why = result.stderr.trim().split("\n").slice(-3).join("\n").slice(0, 800);
  if (known !== undefined)
    return new CloudSmithError(known.code, `${ref.url}: ${known.message}`, { why, fix: known.fix });
  return new CloudSmithError("source-not-found", `${ref.url} could not be fetched`, {
    why,
    fix: "Try `git ls-remote` with the same address to see what Git says",
  });
}
