import { app, shell, type Session, type WebContents } from "electron";
import { judgeNavigation, mayOpenExternally } from "./navigation-rules.ts";

/** The one permission that pages have: copying text, which a person asks for by a button. */
const grantedPermission = "clipboard-sanitized-write";

/** Keeps every page of the app where it belongs: set once, for all web contents that will ever be made. */
export function guardWebContents(appOrigin: string): void {
  app.on("web-contents-created", (_created, contents) => guard(contents, appOrigin));
}

function guard(contents: WebContents, appOrigin: string): void {
  const judge = (event: { preventDefault(): void }, address: string): void => {
    const verdict = judgeNavigation(address, appOrigin);
    if (verdict === "stay") return;
    event.preventDefault();
    if (verdict === "browser") openExternally(address);
  };
  contents.on("will-navigate", (event) => judge(event, event.url));
  contents.on("will-redirect", (event) => judge(event, event.url));
  contents.on("will-frame-navigate", (event) => {
    // There are no frames in the app; a page that makes one gets it empty.
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (judgeNavigation(url, appOrigin) === "browser") openExternally(url);
    return { action: "deny" };
  });
}

/** Denies every permission but copying text from a page of ours, and downloads from anywhere else. */
export function guardSession(session: Session, appOrigin: string): void {
  const isOurs = (address: string | undefined): boolean =>
    address !== undefined && judgeNavigation(address, appOrigin) === "stay";
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    answer(permission === grantedPermission && details.isMainFrame && isOurs(contents.getURL()));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin, details) =>
      permission === grantedPermission && details.isMainFrame && isOurs(origin.replace(/\/$/, "")),
  );
  session.setDevicePermissionHandler(() => false);
  session.on("will-download", (event, item) => {
    const address = item.getURL().replace(/^blob:/, "");
    if (!isOurs(address)) event.preventDefault();
  });
}

/** Opens an address in the system's browser where the rules allow it; whether they did. */
export function openExternally(address: string): boolean {
  if (!mayOpenExternally(address)) return false;
  void shell.openExternal(address);
  return true;
}
