import { app } from "electron";
import type { AppUpdater } from "electron-updater";
import { existsSync } from "node:fs";
import { join } from "node:path";

export interface UpdatesOptions {
  /** Whether nothing is being deployed. */
  readonly isIdle: () => boolean;
  readonly onReady: (version: string) => void;
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
  #ready: string | undefined;

  constructor(options: UpdatesOptions, updater: AppUpdater) {
    this.#options = options;
    this.#updater = updater;
    updater.autoDownload = true;
    // An installation at quit could meet a deployment, and quitting is not asking for an update.
    updater.autoInstallOnAppQuit = false;
    updater.allowDowngrade = false;
    updater.on("update-downloaded", ({ version }) => {
      this.#ready = version;
      options.onReady(version);
    });
    // Being offline is no reason to bother a person; the next look comes.
    updater.on("error", (error) => process.stderr.write(`Looking for updates: ${error.message}\n`));
  }

  get ready(): string | undefined {
    return this.#ready;
  }

  lookRegularly(): void {
    setTimeout(() => void this.look(), firstLookMs).unref();
    setInterval(() => void this.look(), lookEveryMs).unref();
  }

  /** Version that is offered now; undefined where this is the newest one or the list cannot be read. */
  async look(): Promise<string | undefined> {
    try {
      const result = await this.#updater.checkForUpdates();
      return result?.isUpdateAvailable === true ? result.updateInfo.version : undefined;
    } catch {
      // Told by the `error` event above.
      return undefined;
    }
  }

  /** Restarts into the update that is ready. False where there is none, or while something is being deployed. */
  async restart(): Promise<boolean> {
    if (this.#ready === undefined || !this.#options.isIdle()) return false;
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
