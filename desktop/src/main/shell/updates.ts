import { app } from "electron";
import type { AppUpdater } from "electron-updater";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { UpdateStatus } from "../../bridge.ts";

export interface UpdatesOptions {
  /** Whether nothing is being deployed. */
  readonly isIdle: () => boolean;
  readonly onChange: (status: UpdateStatus) => void;
  /** Windows are let go and the agent is left as it is. */
  readonly beforeRestart: () => Promise<void>;
}

const firstLookMs = 30_000;
const lookEveryMs = 4 * 3600 * 1000;

/**
 * Updates of the installed app: looked for in the background, downloaded, checked against the publisher's signature, and put in place when a
 * person restarts. A rollout is staged by `stagingPercentage` in the published list.
 */
export class Updates {
  readonly #options: UpdatesOptions;
  readonly #updater: AppUpdater;
  #status: UpdateStatus = { state: "unknown" };

  constructor(options: UpdatesOptions, updater: AppUpdater) {
    this.#options = options;
    this.#updater = updater;
    updater.autoDownload = true;
    // An installation at quit could meet a deployment, and quitting is not asking for an update.
    updater.autoInstallOnAppQuit = false;
    updater.allowDowngrade = false;
    updater.on("update-available", ({ version }) => this.#set({ state: "downloading", version }));
    updater.on("update-not-available", () => this.#set({ state: "newest" }));
    updater.on("update-downloaded", ({ version }) => this.#set({ state: "ready", version }));
    // Being offline is no reason to bother a person, who can ask; the next look comes.
    updater.on("error", ({ message }) => {
      process.stderr.write(`Looking for updates: ${message}\n`);
      this.#set({ state: "failed", message });
    });
  }

  get status(): UpdateStatus {
    return this.#status;
  }

  #set(status: UpdateStatus): void {
    this.#status = status;
    this.#options.onChange(status);
  }

  lookRegularly(): void {
    setTimeout(() => void this.look(), firstLookMs).unref();
    setInterval(() => void this.look(), lookEveryMs).unref();
  }

  /** What is offered now. What is ready stays so. */
  async look(): Promise<UpdateStatus> {
    if (this.#status.state === "ready" || this.#status.state === "downloading") return this.#status;
    try {
      await this.#updater.checkForUpdates();
    } catch {
      // Told by the `error` event above.
    }
    return this.#status;
  }

  /** Restarts into the update that is ready. False where there is none, or while something is being deployed. */
  async restart(): Promise<boolean> {
    if (this.#status.state !== "ready" || !this.#options.isIdle()) return false;
    await this.#options.beforeRestart();
    this.#updater.quitAndInstall(false, true);
    return true;
  }
}

/** Begins to look for updates in an installed app; undefined in a checkout, and where no list of updates came with it. */
export async function startUpdates(options: UpdatesOptions): Promise<Updates | undefined> {
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, "app-update.yml"))) return undefined;
  // Loaded only where it is used: it is a quarter of the whole program.
  const { default: updater } = await import("electron-updater");
  const updates = new Updates(options, updater.autoUpdater);
  updates.lookRegularly();
  return updates;
}

/** What a person is told who asked for a newer version. */
export function updateText(status: UpdateStatus, version: string): string {
  switch (status.state) {
    case "unsupported":
      return "This CloudSmith was not installed by an installer, so it does not update itself";
    case "unknown":
    case "newest":
      return `CloudSmith ${version} is the newest version`;
    case "downloading":
      return `CloudSmith ${status.version} is being downloaded`;
    case "ready":
      return `CloudSmith ${status.version} is ready: restart to update`;
    case "failed":
      return `Newer versions could not be looked for: ${status.message}`;
  }
}
