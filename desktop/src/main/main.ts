import { app } from "electron";
import { join } from "node:path";
import { DesktopApp } from "./desktop-app.ts";
import { isFolder, readStart } from "./links/starts.ts";
import { linkScheme } from "./links/deep-link.ts";
import { appOrigin, declareAppScheme } from "./pages/app-protocol.ts";
import { hiddenArgument } from "./shell/login-item.ts";
import { guardWebContents } from "./windows/web-guard.ts";

app.setName("CloudSmith");
app.setAppUserModelId("dev.cloudsmith.desktop");
// Before anything asks for it: what belongs to the app lies in a folder of this name.
app.setPath("userData", join(app.getPath("appData"), "CloudSmith"));

if (app.requestSingleInstanceLock()) begin();
else app.quit();

function begin(): void {
  // Every page is sandboxed by its window as well; whoever starts Chromium without its sandbox, as root has to, must not be stopped by this.
  if (!app.commandLine.hasSwitch("no-sandbox")) app.enableSandbox();
  declareAppScheme();
  guardWebContents(appOrigin);
  const desktop = new DesktopApp();
  app.on("second-instance", (_event, argv, workingFolder) => {
    desktop.handle(readStart(argv, workingFolder, app.getAppPath()), { show: true });
  });
  app.on("open-url", (event, url) => {
    event.preventDefault();
    desktop.handle({ links: [url], folder: undefined }, { show: false });
  });
  app.on("open-file", (event, path) => {
    event.preventDefault();
    desktop.handle({ links: [], folder: isFolder(path) ? path : undefined }, { show: true });
  });
  app.on("activate", () => desktop.handle({ links: [], folder: undefined }, { show: true }));
  // The app lives on in the tray.
  app.on("window-all-closed", () => undefined);
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);
  const hidden = process.argv.includes(hiddenArgument);
  void desktop.start({ hidden, first: readStart(process.argv, process.cwd(), app.getAppPath()) });
}
