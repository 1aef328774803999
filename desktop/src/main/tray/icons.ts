import { nativeImage, type NativeImage } from "electron";
import { join } from "node:path";
import type { TrayLook } from "./tray-model.ts";

/** Folder of the icons: from `dist/app/main`. */
const folder = join(import.meta.dirname, "..", "..", "..", "icons");

/** The tray's icon for a state: black with transparency on macOS, which colours it itself; in colour elsewhere. */
export function trayIcon(look: TrayLook): NativeImage {
  const isMac = process.platform === "darwin";
  // `…@2x.png` beside it is taken by itself on dense displays.
  const image = nativeImage.createFromPath(join(folder, `tray-${look}${isMac ? "Template" : ""}.png`));
  if (isMac) image.setTemplateImage(true);
  return image;
}

/** The small mark on a taskbar button; undefined takes it away. */
export function overlayIcon(mark: "running" | "done" | "failed" | "none"): NativeImage | undefined {
  return mark === "none" ? undefined : nativeImage.createFromPath(join(folder, `overlay-${mark}.png`));
}

export const windowIcon = join(folder, "icon-256.png");
