import { app, dialog, type BrowserWindow } from "electron";

/** Reloads of a page that died, within this time, before a person is asked. */
const limit = { count: 3, withinMs: 60_000 } as const;

/** Brings a page back that crashed, at the address where it was; asks once it keeps crashing or hangs. */
export function recoverPage(window: BrowserWindow): void {
  let crashes: number[] = [];
  window.webContents.on("render-process-gone", (_event, { reason }) => {
    if (reason === "clean-exit" || window.isDestroyed()) return;
    const now = Date.now();
    crashes = [...crashes.filter((at) => now - at < limit.withinMs), now];
    if (crashes.length <= limit.count) window.webContents.reload();
    else void ask(window, "This window keeps crashing", `The page ended: ${reason}. What is deployed is not affected.`);
  });
  window.on("unresponsive", () => {
    void ask(
      window,
      "This window does not respond",
      "You can wait, or load it again. What is deployed is not affected.",
    );
  });
}

async function ask(window: BrowserWindow, message: string, detail: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: "warning",
    title: app.getName(),
    message,
    detail,
    buttons: ["Load again", "Wait", "Close the window"],
    defaultId: 0,
    cancelId: 1,
  });
  if (window.isDestroyed()) return;
  if (response === 0) window.webContents.reload();
  if (response === 2) window.destroy();
}
