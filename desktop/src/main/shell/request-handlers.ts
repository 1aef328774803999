import { dialog } from "electron";
import type { UpdateStatus } from "../../bridge.ts";
import type { Core } from "../core.ts";
import type { AppWindows } from "../windows/app-windows.ts";
import { openExternally } from "../windows/web-guard.ts";
import type { RequestHandlers } from "./ipc-handlers.ts";
import type { LoginItem } from "./login-item.ts";
import type { Settings } from "./settings.ts";

export interface RequestParts {
  readonly core: Core;
  readonly windows: AppWindows;
  readonly login: LoginItem;
  readonly changeSettings: (change: Partial<Settings>) => void;
  readonly updates: (look: boolean) => Promise<UpdateStatus>;
  readonly restartToUpdate: () => Promise<boolean>;
}

/** What only the desktop can do for a page. */
export function requestHandlers({
  core,
  windows,
  login,
  changeSettings,
  updates,
  restartToUpdate,
}: RequestParts): RequestHandlers {
  return {
    pickFolder: async (window) => {
      const { filePaths } = await dialog.showOpenDialog(window, { properties: ["openDirectory"] });
      return filePaths[0];
    },
    openExternal: async (_window, url) => {
      if (!openExternally(url)) throw new Error("Only https addresses and apps on this computer are opened");
    },
    openDeploymentWindow: async (_window, deployment) => void windows.showDeployment(deployment),
    openPage: async (_window, path) => void windows.showMain(path),
    setCompact: async (window, compact) => windows.setCompact(window, compact),
    autostart: async (_window, on) => {
      if (on !== undefined) await login.set(on);
      changeSettings({});
      return login.isOn();
    },
    settings: async (_window, { notificationsPaused, onQuit } = {}) => {
      changeSettings({
        ...(notificationsPaused !== undefined && { notificationsPaused }),
        ...(onQuit !== undefined && { onQuit }),
      });
      const { value } = core.settings;
      return { notificationsPaused: value.notificationsPaused, onQuit: value.onQuit };
    },
    agent: async () => core.supervisor.status,
    startAgent: async () => core.supervisor.retry(),
    updates: async (_window, look = false) => updates(look),
    restartToUpdate: async () => restartToUpdate(),
  };
}
