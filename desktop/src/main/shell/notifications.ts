import { Notification } from "electron";
import type { Notice, NoticeAction } from "../follow/notices.ts";

export interface NoticeHandlers {
  readonly onOpen: (deploymentId: string) => void;
  readonly onAction: (notice: Notice, action: NoticeAction) => void;
}

/** Shown ones are held, since one that is collected cannot be clicked any more; the oldest are let go. */
const held: Notification[] = [];
const mostHeld = 50;

/** Shows a native notification; a click opens its deployment, its buttons do what they say where the platform has buttons. */
export function showNotice(notice: Notice, icon: string, { onOpen, onAction }: NoticeHandlers): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({
    title: notice.title,
    body: notice.body,
    // macOS shows the app's own icon.
    ...(process.platform !== "darwin" && { icon }),
    actions: notice.actions.map(({ label }) => ({ type: "button", text: label })),
  });
  notification.on("click", () => onOpen(notice.deploymentId));
  notification.on("action", (_event, index) => {
    const action = notice.actions[index];
    if (action !== undefined) onAction(notice, action);
  });
  held.push(notification);
  if (held.length > mostHeld) held.shift();
  notification.show();
}

/** A plain sentence that opens something when it is clicked. */
export function tell(text: { title: string; body: string }, icon: string, onClick: () => void): void {
  showNotice({ ...text, deploymentId: "", actions: [] }, icon, { onOpen: onClick, onAction: () => undefined });
}
