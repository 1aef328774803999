import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface FoundProcess {
  readonly pid: number;
  readonly parent: number;
  readonly argv: string;
  /** The release whose app it is. */
  readonly release: string | undefined;
}

/**
 * Every process that has to do with a folder: named in its arguments or environment, or worked in by it. Zombies have ended and
 * show neither. Reads /proc, so Linux only.
 */
export function processesOf(folder: string): FoundProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const argv = read(() => readFileSync(`/proc/${name}/cmdline`, "utf8"));
      const environment = read(() => readFileSync(`/proc/${name}/environ`, "utf8"));
      const cwd = read(() => readlinkSync(`/proc/${name}/cwd`));
      if (![argv, environment, cwd].some((text) => text.includes(folder))) return [];
      const release = /(?:^|\0)CLOUDSMITH_RELEASE_ID=([^\0]*)/.exec(environment)?.[1];
      const stat = read(() => readFileSync(`/proc/${name}/stat`, "latin1"));
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      return [{ pid: Number(name), parent, argv: argv.replaceAll("\0", " ").trim(), release }];
    });
}

export function isAlive(pid: number): boolean {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  return stat !== "" && stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
}

/** SIGKILL, as a crash; a process that is gone already is fine. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

/** What a process of another user, or one that has just ended, does not tell is taken as empty. */
function read(question: () => string): string {
  try {
    return question();
  } catch {
    return "";
  }
}
