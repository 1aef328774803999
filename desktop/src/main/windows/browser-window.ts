import { BrowserWindow, nativeTheme, type BrowserWindowConstructorOptions } from "electron";

export interface PageWindowOptions extends BrowserWindowConstructorOptions {
  readonly url: string;
  readonly preload: string;
  readonly devTools: boolean;
  /** What the preload cannot find out by itself. */
  readonly versionArgument: string;
}

/** Colours of the page before it has drawn, so that a window does not flash. */
const background = { dark: "#0e1014", light: "#ffffff" } as const;

/** A window that shows a page of the app: sandboxed, isolated, with the bridge and nothing else. */
export function openPageWindow({
  url,
  preload,
  devTools,
  versionArgument,
  ...options
}: PageWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    ...options,
    webPreferences: {
      preload,
      additionalArguments: [versionArgument],
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools,
    },
  });
  void window.loadURL(url).catch((error: unknown) => {
    // A page that was left before it was there has not failed.
    if (!window.isDestroyed() && !String(error).includes("ERR_ABORTED")) throw error;
  });
  return window;
}
