import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Starts a program that cannot outlive this process, not even when this process is killed with SIGKILL: a small guard between
 * the two holds the other end of a pipe, and kills the program with all its children when the pipe closes.
 * The program's output goes to `log` (a file path). `stop` resolves when the program is gone.
 */
export function startGuarded(
  command: string,
  args: readonly string[],
  options: { log: string; cwd?: string; env?: NodeJS.ProcessEnv },
): GuardedProcess {
  const output = openSync(options.log, "a", 0o600);
  try {
    const guard = spawn(process.execPath, [guardFile, command, ...args], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      // A group of its own: Ctrl-C in the terminal reaches the test runner, and the guard through the pipe.
      detached: true,
      stdio: ["pipe", output, output],
    });
    return new GuardedProcess(guard);
  } finally {
    closeSync(output);
  }
}

const guardFile = fileURLToPath(new URL("guard-process.ts", import.meta.url));

export class GuardedProcess implements AsyncDisposable {
  readonly #guard: ChildProcess;
  readonly #exited: Promise<void>;

  constructor(guard: ChildProcess) {
    this.#guard = guard;
    this.#exited = new Promise((resolve) => {
      guard.once("exit", () => resolve());
      guard.once("error", () => resolve());
    });
    // A guard that is gone already has closed the pipe; its exit is what counts.
    guard.stdin?.on("error", () => undefined);
  }

  /** Whether the program ended. */
  get ended(): boolean {
    return this.#guard.exitCode !== null || this.#guard.signalCode !== null;
  }

  /** Resolves when the program has ended. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  async stop(): Promise<void> {
    this.#guard.stdin?.end();
    await this.#exited;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
