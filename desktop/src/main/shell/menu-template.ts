import type { MenuItemConstructorOptions } from "electron";
import type { ShellSettings } from "../../bridge.ts";

/** What choosing a menu item does, apart from what Electron does itself by a role. */
export type MenuAction =
  | { readonly type: "open"; readonly path: string }
  | { readonly type: "open-folder" }
  | { readonly type: "settings"; readonly change: Partial<ShellSettings> }
  | { readonly type: "autostart"; readonly on: boolean }
  | { readonly type: "agent-log" | "api-reference" | "check-updates" | "quit" };

export interface MenuInput {
  readonly platform: NodeJS.Platform;
  readonly settings: ShellSettings;
  readonly autostart: boolean;
  readonly devTools: boolean;
  readonly act: (action: MenuAction) => void;
}

const separator: MenuItemConstructorOptions = { type: "separator" };

/** The application menu in each platform's manner. */
export function menuTemplate(input: MenuInput): MenuItemConstructorOptions[] {
  const isMac = input.platform === "darwin";
  return [
    ...(isMac ? [appMenu(input)] : []),
    fileMenu(input, isMac),
    { role: "editMenu" },
    viewMenu(input),
    { role: "windowMenu" },
    helpMenu(input, isMac),
  ];
}

/** The first menu on macOS bears the app's name. */
function appMenu(input: MenuInput): MenuItemConstructorOptions {
  return {
    role: "appMenu",
    submenu: [
      { role: "about" },
      updatesItem(input),
      separator,
      settingsItem(input),
      ...choices(input),
      separator,
      { role: "services" },
      separator,
      { role: "hide" },
      { role: "hideOthers" },
      { role: "unhide" },
      separator,
      quitItem(input, "Quit CloudSmith", "Cmd+Q"),
    ],
  };
}

function fileMenu(input: MenuInput, isMac: boolean): MenuItemConstructorOptions {
  const { act } = input;
  return {
    label: "&File",
    submenu: [
      {
        id: "new-project",
        label: "&New Project…",
        accelerator: "CmdOrCtrl+N",
        click: () => act({ type: "open", path: "/new" }),
      },
      {
        id: "open-folder",
        label: "&Deploy a Folder…",
        accelerator: "CmdOrCtrl+O",
        click: () => act({ type: "open-folder" }),
      },
      separator,
      ...(isMac ? [] : [settingsItem(input), ...choices(input), separator]),
      { role: "close" },
      ...(isMac ? [] : [quitItem(input, input.platform === "win32" ? "E&xit" : "&Quit", "Ctrl+Q")]),
    ],
  };
}

function settingsItem({ act }: MenuInput): MenuItemConstructorOptions {
  return {
    id: "settings",
    label: "&Settings…",
    accelerator: "CmdOrCtrl+,",
    click: () => act({ type: "open", path: "/settings" }),
  };
}

function quitItem({ act }: MenuInput, label: string, accelerator: string): MenuItemConstructorOptions {
  return { id: "quit", label, accelerator, click: () => act({ type: "quit" }) };
}

function updatesItem({ act }: MenuInput): MenuItemConstructorOptions {
  return { id: "check-updates", label: "Check for &Updates…", click: () => act({ type: "check-updates" }) };
}

function choices({ settings, autostart, act }: MenuInput): MenuItemConstructorOptions[] {
  const onQuit = (choice: ShellSettings["onQuit"], label: string): MenuItemConstructorOptions => ({
    id: choice,
    label,
    type: "radio",
    checked: settings.onQuit === choice,
    click: () => act({ type: "settings", change: { onQuit: choice } }),
  });
  return [
    {
      id: "autostart",
      label: "Start When I &Sign In",
      type: "checkbox",
      checked: autostart,
      click: () => act({ type: "autostart", on: !autostart }),
    },
    {
      id: "pause-notifications",
      label: "&Pause Notifications",
      type: "checkbox",
      checked: settings.notificationsPaused,
      click: () => act({ type: "settings", change: { notificationsPaused: !settings.notificationsPaused } }),
    },
    {
      label: "When I Quit",
      submenu: [onQuit("leave-agent", "Leave the Agent Running"), onQuit("stop-agent", "Stop the Agent; Apps Go On")],
    },
  ];
}

function viewMenu({ devTools, act }: MenuInput): MenuItemConstructorOptions {
  return {
    label: "&View",
    submenu: [
      {
        id: "dashboard",
        label: "&Dashboard",
        accelerator: "CmdOrCtrl+1",
        click: () => act({ type: "open", path: "/" }),
      },
      {
        id: "activity",
        label: "&Activity",
        accelerator: "CmdOrCtrl+2",
        click: () => act({ type: "open", path: "/activity" }),
      },
      separator,
      { role: "reload" },
      separator,
      { role: "resetZoom" },
      { role: "zoomIn" },
      { role: "zoomOut" },
      separator,
      { role: "togglefullscreen" },
      ...(devTools ? [separator, { role: "toggleDevTools" } as const] : []),
    ],
  };
}

function helpMenu(input: MenuInput, isMac: boolean): MenuItemConstructorOptions {
  const { act } = input;
  return {
    role: "help",
    submenu: [
      { id: "api-reference", label: "&API Reference", click: () => act({ type: "api-reference" }) },
      { id: "agent-log", label: "Show the Agent's &Log", click: () => act({ type: "agent-log" }) },
      ...(isMac ? [] : [separator, updatesItem(input), { role: "about" } as const]),
    ],
  };
}
