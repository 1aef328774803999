import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { KeeperRelease, ReleaseReason } from "../protocol.ts";
import type { ProcessIdentity } from "./processes/process-tree.ts";
import { keeperMarker, releaseMarker } from "./processes/process-tree.ts";
import { startTimeOf } from "./processes/process-table.ts";
import { linkPersistentFolder } from "./persistent-folder.ts";

export interface AppExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** An app process that was started. */
export interface AppProcess {
  readonly identity: ProcessIdentity;
  /** Resolves when the first process has ended; its descendants may live on. */
  readonly exited: Promise<AppExit>;
  /** Resolves when all its output is read; a moment after its end at the latest, since descendants may hold the pipes. */
  readonly silent: Promise<void>;
}

/** A start that failed before the app's first instruction. */
export class StartFailure extends Error {
  readonly reason: ReleaseReason;
  constructor(reason: ReleaseReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** How long the last output of an ended app is waited for. */
const outputPatienceMs = 100;

export interface StartOptions {
  readonly release: KeeperRelease;
  readonly port: number;
  readonly keeperName: string;
  /** Takes output; a promise holds the app's next output back until it resolves. */
  readonly onOutput: (stream: "stdout" | "stderr", bytes: Buffer) => Promise<void> | null;
}

/**
 * Starts a release's process in a process group of its own, with its own home and temporary folder.
 * @throws StartFailure when its folder or its command does not exist.
 */
export async function startAppProcess(options: StartOptions): Promise<AppProcess> {
  const { release } = options;
  if (release.run.type !== "process") throw new StartFailure("start-failed", "a static site has no process");
  const { argv, cwd } = release.run;
  if (
    !(await stat(cwd).then(
      (stats) => stats.isDirectory(),
      () => false,
    ))
  )
    throw new StartFailure("folder-missing", `the folder ${cwd} does not exist`);
  await mkdir(release.homeDir, { recursive: true, mode: 0o700 });
  await mkdir(release.tempDir, { recursive: true, mode: 0o700 });
  if (release.persist !== undefined) await linkPersistentFolder(release.persist);
  const [command = "", ...args] = argv.map((word) => placed(word, options.port));
  const child = spawn(command, args, {
    cwd,
    env: environmentOf(options, release.run.env),
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  for (const stream of ["stdout", "stderr"] as const) {
    const pipe = child[stream];
    pipe.on("data", (bytes: Buffer) => {
      const held = options.onOutput(stream, bytes);
      if (held === null) return;
      pipe.pause();
      void held.finally(() => pipe.resume());
    });
  }
  await spawned(child, command);
  const pid = child.pid ?? 0;
  const exited = new Promise<AppExit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const closed = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  const silent = exited.then(() => Promise.race([closed, delay(outputPatienceMs)]));
  return { identity: { pid, startedAt: (await startTimeOf(pid)) ?? "" }, exited, silent };
}

/** Programs that take their address as an argument get it where a plan says `$PORT` and `$HOST`; there is no shell that could. */
function placed(word: string, port: number): string {
  return word.replaceAll("$PORT", String(port)).replaceAll("$HOST", "127.0.0.1");
}

function environmentOf(options: StartOptions, given: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { HOST: _, ...env } = given;
  const { release, port, keeperName } = options;
  const temporary =
    process.platform === "win32" ? { TEMP: release.tempDir, TMP: release.tempDir, USERPROFILE: release.homeDir } : {};
  return {
    ...env,
    ...temporary,
    HOME: release.homeDir,
    TMPDIR: release.tempDir,
    PORT: String(port),
    [releaseMarker]: release.id,
    [keeperMarker]: keeperName,
  };
}

function spawned(child: ChildProcess, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === "ENOENT" || error.code === "EACCES";
      reject(
        new StartFailure(
          isMissing ? "start-command-not-found" : "start-failed",
          `${command} could not be started: ${error.code ?? error.message}`,
        ),
      );
    });
  });
}
