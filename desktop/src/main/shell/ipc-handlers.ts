import { BrowserWindow, ipcMain, type IpcMainInvokeEvent } from "electron";
import { bridgeArguments } from "../../bridge.ts";
import { channel, type Requests } from "../../ipc.ts";
import { judgeNavigation } from "../windows/navigation-rules.ts";

/** What answers each request; the window that asks comes first. */
export type RequestHandlers = {
  readonly [Name in keyof Requests]: (
    window: BrowserWindow,
    ...args: Parameters<Requests[Name]>
  ) => ReturnType<Requests[Name]> | Awaited<ReturnType<Requests[Name]>>;
};

/** Answers the requests of pages: only of our own pages, only from their top frame, only with arguments of the right form. */
export function answerRequests(handlers: RequestHandlers, appOrigin: string): void {
  for (const name of Object.keys(handlers).filter(isRequest)) {
    ipcMain.handle(channel(name), async (event, ...args: unknown[]) => {
      const window = senderOf(event, appOrigin);
      if (window === undefined) throw new Error("This page may not ask that");
      const parsed = bridgeArguments[name].safeParse(trimmed(args));
      if (!parsed.success) throw new Error(`${name}: the arguments are not valid`);
      // The schema of a name gives the arguments of its handler; the compiler cannot follow that through a loop over names.
      const handle = handlers[name] as (window: BrowserWindow, ...args: readonly unknown[]) => unknown;
      return handle(window, ...parsed.data);
    });
  }
}

function isRequest(name: string): name is keyof Requests {
  return Object.hasOwn(bridgeArguments, name);
}

/** The window of a request; undefined where it does not come from the top frame of a page of ours. */
function senderOf({ sender, senderFrame }: IpcMainInvokeEvent, appOrigin: string): BrowserWindow | undefined {
  if (senderFrame === null || senderFrame !== sender.mainFrame) return undefined;
  if (judgeNavigation(senderFrame.url, appOrigin) !== "stay") return undefined;
  return BrowserWindow.fromWebContents(sender) ?? undefined;
}

/** An argument that is left out arrives as `undefined` at the end. */
function trimmed(args: unknown[]): unknown[] {
  const last = args.findLastIndex((arg) => arg !== undefined);
  return args.slice(0, last + 1);
}
