import { spawn } from "node:child_process";
import { CloudSmithError } from "@cloudsmith/contracts";

/** Set for every Git command: nothing of a repository or of a local helper may run code. */
const safeConfig = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.untrackedCache=false",
  "protocol.allow=never",
  "protocol.https.allow=always",
  "protocol.http.allow=always",
  "protocol.ssh.allow=always",
  "protocol.git.allow=always",
  "protocol.file.allow=always",
  "advice.detachedHead=false",
  "submodule.recurse=false",
  "gc.auto=0",
  "maintenance.auto=false",
];

export interface GitOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly seconds: number;
  /** A folder that may belong to another user: it is only listed, so that is safe. */
  readonly trustFolder?: string;
  readonly env?: Record<string, string>;
  readonly onLine?: (line: string) => void;
}

export interface GitResult {
  /** Null where Git was stopped. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

const outputLimit = 64 * 1024 * 1024;

/**
 * Runs Git by argv with hooks, monitors and unsafe transports off and no terminal to ask on. The person's own configuration counts, so their credential helpers work.
 * Throws `component-missing` where there is no Git; a failing Git is a result, not an error.
 */
export async function runGit(args: readonly string[], options: GitOptions): Promise<GitResult> {
  options.signal.throwIfAborted();
  const config = [...safeConfig, ...(options.trustFolder === undefined ? [] : ["safe.directory=*"])];
  const { promise, resolve, reject } = Promise.withResolvers<GitResult>();
  const child = spawn("git", [...config.flatMap((entry) => ["-c", entry]), ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...gitEnvironment, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let timedOut = false;
  const kill = () => killGroup(child.pid);
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, options.seconds * 1000);
  options.signal.addEventListener("abort", kill, { once: true });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr, options.onLine);
  child.on("error", (error) => reject(missingGit(error)));
  child.on("close", (code) => resolve({ code, stdout: stdout(), stderr: stderr(), timedOut }));
  try {
    const result = await promise;
    options.signal.throwIfAborted();
    return result;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener("abort", kill);
  }
}

const gitEnvironment = {
  GIT_TERMINAL_PROMPT: "0",
  GIT_SSH_COMMAND: "ssh -o BatchMode=yes",
  GCM_INTERACTIVE: "never",
  LC_ALL: "C",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_LFS_SKIP_SMUDGE: "1",
};

function collect(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= outputLimit) chunks.push(chunk);
    if (onLine !== undefined) for (const line of chunk.toString("utf8").split(/[\r\n]+/)) if (line !== "") onLine(line);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}

function missingGit(error: NodeJS.ErrnoException): CloudSmithError {
  if (error.code !== "ENOENT")
    return new CloudSmithError("internal", "Git could not be started", { why: error.message, cause: error });
  return new CloudSmithError("component-missing", "Git is not installed", {
    fix: "Install git (on Debian: apt install git), then deploy again",
    cause: error,
  });
}
