import { app } from "electron";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** The argument of a start that shows no window: the app waits in the tray. */
export const hiddenArgument = "--hidden";

/** Starting with the person's session: the system's own list on macOS and Windows, an autostart entry on Linux. */
export interface LoginItem {
  isOn(): boolean;
  set(on: boolean): Promise<void>;
}

export function loginItem(): LoginItem {
  return process.platform === "linux" ? autostartEntry() : systemList();
}

function systemList(): LoginItem {
  const args = [hiddenArgument];
  return {
    isOn: () => app.getLoginItemSettings({ args }).openAtLogin,
    set: async (on) => app.setLoginItemSettings({ openAtLogin: on, args }),
  };
}

/** https://specifications.freedesktop.org/autostart-spec/latest/ */
function autostartEntry(): LoginItem {
  const configured = process.env.XDG_CONFIG_HOME;
  const folder = configured === undefined || configured === "" ? join(homedir(), ".config") : configured;
  const file = join(folder, "autostart", "cloudsmith.desktop");
  return {
    isOn: () => existsSync(file),
    set: async (on) => {
      if (!on) return rm(file, { force: true });
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, desktopEntry(startCommand()));
    },
  };
}

/** An AppImage is mounted anew at each start; the file itself is what stays. */
function startCommand(): string[] {
  const program = process.env.APPIMAGE ?? process.execPath;
  return [program, ...(app.isPackaged ? [] : [app.getAppPath()]), hiddenArgument];
}

/** The text of an entry; arguments are quoted as the specification of `Exec` says. */
export function desktopEntry(command: readonly string[]): string {
  const quoted = command.map((part) => `"${part.replace(/["\\`$]/g, "\\$&").replaceAll("%", "%%")}"`);
  return `[Desktop Entry]
Type=Application
Name=CloudSmith
Comment=Live apps come back, and deployments are told
Exec=${quoted.join(" ")}
Icon=cloudsmith
Terminal=false
X-GNOME-Autostart-enabled=true
`;
}
