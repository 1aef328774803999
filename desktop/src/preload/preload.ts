import { contextBridge, ipcRenderer, webUtils } from "electron";
import type { Bridge } from "../bridge.ts";
import { channel, versionArgument, type Notices, type Requests } from "../ipc.ts";

/** One request to the main process, which parses what comes. */
function ask<Name extends keyof Requests>(name: Name) {
  return (...args: Parameters<Requests[Name]>): ReturnType<Requests[Name]> =>
    // The main process answers with what the contract says.
    ipcRenderer.invoke(channel(name), ...args) as ReturnType<Requests[Name]>;
}

/** Calls a listener of the page with what comes, and with nothing of Electron's; answers how to stop. */
function hear<Name extends keyof Notices>(name: Name) {
  return (listener: (payload: Notices[Name]) => void): (() => void) => {
    const heard = (_event: unknown, payload: Notices[Name]): void => listener(payload);
    ipcRenderer.on(channel(name), heard);
    return () => void ipcRenderer.off(channel(name), heard);
  };
}

function platform(): Bridge["platform"] {
  const { platform: name } = process;
  return name === "darwin" || name === "win32" ? name : "linux";
}

const bridge: Bridge = {
  platform: platform(),
  version: process.argv.find((arg) => arg.startsWith(versionArgument))?.slice(versionArgument.length) ?? "",
  pickFolder: ask("pickFolder"),
  pathOfFile: (file) => {
    const path = webUtils.getPathForFile(file);
    return path === "" ? undefined : path;
  },
  openExternal: ask("openExternal"),
  openDeploymentWindow: ask("openDeploymentWindow"),
  openPage: ask("openPage"),
  setCompact: ask("setCompact"),
  autostart: ask("autostart"),
  settings: ask("settings"),
  agent: ask("agent"),
  startAgent: ask("startAgent"),
  updates: ask("updates"),
  restartToUpdate: ask("restartToUpdate"),
  onAgent: hear("agent"),
  onNavigate: hear("navigate"),
};

contextBridge.exposeInMainWorld("cloudsmith", bridge);
