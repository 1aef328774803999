import { app, Menu } from "electron";
import type { AgentStatus } from "../../bridge.ts";
import type { TeamState } from "../follow/team-state.ts";
import { AppTray } from "../tray/app-tray.ts";
import { trayModel, type TrayAction } from "../tray/tray-model.ts";
import type { AppWindows } from "../windows/app-windows.ts";
import { menuTemplate, type MenuAction } from "./menu-template.ts";
import type { Settings } from "./settings.ts";

export interface SurfacesOptions {
  readonly windows: AppWindows;
  readonly onTray: (action: TrayAction) => void;
  readonly onMenu: (action: MenuAction) => void;
}

export interface Shown {
  readonly agent: AgentStatus;
  readonly team: TeamState;
  readonly settings: Settings;
  readonly autostart: boolean;
  readonly update: string | undefined;
}

/** Times in the tray menu move on in steps of this, so that an open menu stays in place, in milliseconds. */
const trayStepMs = 5000;

/** Everything outside of pages that shows how things are: tray, titles, taskbar, badge, menu. */
export class Surfaces {
  readonly #options: SurfacesOptions;
  #tray: AppTray | undefined;
  #menu = "";

  constructor(options: SurfacesOptions) {
    this.#options = options;
  }

  show(shown: Shown): void {
    const { agent, team, settings, update } = shown;
    const now = Date.now();
    const model = trayModel({
      agent,
      team,
      notificationsPaused: settings.notificationsPaused,
      update,
      now: now - (now % trayStepMs),
    });
    if (this.#tray === undefined) this.#tray = new AppTray(model, this.#options.onTray);
    else this.#tray.show(model);
    this.#options.windows.show(team, now);
    app.setBadgeCount(team.running.size);
    this.#showMenu(shown);
  }

  close(): void {
    this.#tray?.destroy();
  }

  /** The menu is built anew only when a choice in it changed. */
  #showMenu({ settings, autostart }: Shown): void {
    const { notificationsPaused, onQuit } = settings;
    const key = JSON.stringify([notificationsPaused, onQuit, autostart]);
    if (key === this.#menu) return;
    this.#menu = key;
    const template = menuTemplate({
      platform: process.platform,
      settings: { notificationsPaused, onQuit },
      autostart,
      devTools: !app.isPackaged,
      act: this.#options.onMenu,
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
}
