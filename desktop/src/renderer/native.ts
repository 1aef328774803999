import type { Bridge } from "../bridge.ts";

declare global {
  interface Window {
    readonly cloudsmith?: Bridge;
  }
}

/** What the desktop app offers; undefined in a browser, where the page does without. */
export const native: Bridge | undefined = globalThis.window.cloudsmith;

/** Opens an address outside of this page. */
export function openExternal(url: string): void {
  if (native === undefined) window.open(url, "_blank", "noopener");
  else void native.openExternal(url);
}
