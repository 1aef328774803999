import { spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(import.meta.url);

/**
 * Starts a watcher that kills every process of a folder once this process is gone, however it went: agent, keeper and apps are made
 * to outlive whoever started them.
 */
export function startReaper(folder: string): { finish(): Promise<void> } {
  const watcher = spawn(process.execPath, [file, folder], { detached: true, stdio: ["pipe", "ignore", "inherit"] });
  watcher.unref();
  const gone = new Promise<void>((resolve) => watcher.once("exit", () => resolve()));
  return {
    async finish() {
      watcher.stdin.end();
      await gone;
    },
  };
}

/** Ids of processes that work in a folder or were started with it, as far as the platform tells. */
export function processesOf(folder: string): number[] {
  if (process.platform !== "linux") return [];
  const ids = readdirSync("/proc")
    .map(Number)
    .filter((id) => Number.isInteger(id) && id !== process.pid);
  return ids.filter((id) => places(id).some((place) => place.includes(folder)));
}

function places(id: number): string[] {
  try {
    const command = readFileSync(`/proc/${id}/cmdline`, "utf8");
    return command.includes(file) ? [] : [command, readlinkSync(`/proc/${id}/cwd`)];
  } catch {
    // It ended between the listing and the look, or belongs to somebody else.
    return [];
  }
}

if (process.argv[1] === file) {
  const folder = process.argv[2] ?? "";
  process.stdin.resume().once("close", () => {
    for (let round = 0; round < 3; round += 1) for (const id of processesOf(folder)) kill(id);
    process.exit();
  });
}

function kill(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
