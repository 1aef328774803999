import { Menu, Tray, type MenuItemConstructorOptions } from "electron";
import { trayIcon } from "./icons.ts";
import type { TrayAction, TrayItem, TrayModel } from "./tray-model.ts";

/** The icon near the clock, kept equal to its model. */
export class AppTray {
  readonly #tray: Tray;
  readonly #onAction: (action: TrayAction) => void;
  #shown = "";
  #look: TrayModel["look"];

  constructor(model: TrayModel, onAction: (action: TrayAction) => void) {
    this.#look = model.look;
    this.#onAction = onAction;
    this.#tray = new Tray(trayIcon(model.look));
    // On macOS and most Linux desktops a click opens the menu.
    this.#tray.on("click", () => process.platform === "win32" && onAction({ type: "open-main" }));
    this.show(model);
  }

  show(model: TrayModel): void {
    // A menu that is set anew closes for the person who has it open: it is only set when it differs.
    const shown = JSON.stringify(model);
    if (shown === this.#shown) return;
    this.#shown = shown;
    if (model.look !== this.#look) this.#tray.setImage(trayIcon(model.look));
    this.#look = model.look;
    this.#tray.setToolTip(model.tooltip);
    this.#tray.setContextMenu(Menu.buildFromTemplate(model.items.map((item) => this.#toTemplate(item))));
  }

  destroy(): void {
    this.#tray.destroy();
  }

  #toTemplate(item: TrayItem): MenuItemConstructorOptions {
    switch (item.type) {
      case "separator":
        return { type: "separator" };
      case "text":
        return { label: item.label, enabled: false };
      case "action":
        return { label: item.label, click: () => this.#onAction(item.action) };
      case "check":
        return { type: "checkbox", label: item.label, checked: item.checked, click: () => this.#onAction(item.action) };
      case "menu":
        return { label: item.label, submenu: item.items.map((each) => this.#toTemplate(each)) };
    }
  }
}
