import type { Bridge } from "./bridge.ts";

/** What a page may ask the main process: name of the channel and signature. Arguments are parsed there by `bridgeArguments`. */
export type Requests = Pick<
  Bridge,
  | "pickFolder"
  | "openExternal"
  | "openDeploymentWindow"
  | "openPage"
  | "setCompact"
  | "autostart"
  | "settings"
  | "agent"
  | "startAgent"
  | "updates"
  | "restartToUpdate"
>;

/** What the main process tells a page: name of the channel and what comes with it. */
export interface Notices {
  navigate: string;
  agent: Awaited<ReturnType<Bridge["agent"]>>;
}

/** Channels begin with this, so that nothing of Electron's own is met by accident. */
export const channel = (name: keyof Requests | keyof Notices): string => `cloudsmith:${name}`;

/** Arguments that tell the preload what it cannot find out: it runs sandboxed. */
export const versionArgument = "--cloudsmith-version=";
