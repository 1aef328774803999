/**
 * What the desktop app offers to the page, as `window.cloudsmith`; absent in a browser. Every call is checked on the other side against
 * `bridgeArguments`, since a page is never trusted.
 */
import { z } from "zod";

export interface Bridge {
  readonly platform: "darwin" | "linux" | "win32";
  /** Version of the desktop app. */
  readonly version: string;
  /** Asks for a folder; undefined where the person closed the dialog. */
  pickFolder(): Promise<string | undefined>;
  /** The folder behind something that was dropped on the page. */
  pathOfFile(file: File): string | undefined;
  /** Opens an address in the system's browser. */
  openExternal(url: string): Promise<void>;
  /** A window of its own that follows one deployment. */
  openDeploymentWindow(deployment: string): Promise<void>;
  /** Deployments under way, on the icon of the app; 0 takes the number away. */
  setBadge(count: number): Promise<void>;
  /** A native notification; a click opens the page. */
  notify(notice: { readonly title: string; readonly body: string; readonly path: string }): Promise<void>;
  /** Whether the app starts when the person signs in to the computer. */
  autostart(on?: boolean): Promise<boolean>;
  /** Called with the path of a page that a deep link, a menu or a notification wants. */
  onNavigate(listener: (path: string) => void): () => void;
}

const pagePath = z
  .string()
  .max(2000)
  .regex(/^\/(?!\/)/, "a path of this app");

/** The arguments of each call that crosses to the main process. */
export const bridgeArguments = {
  pickFolder: z.tuple([]),
  openExternal: z.tuple([z.url({ protocol: /^https?$/ })]),
  openDeploymentWindow: z.tuple([z.string().regex(/^dep_[0-9a-z]{4,64}$/)]),
  setBadge: z.tuple([z.number().int().min(0).max(9999)]),
  notify: z.tuple([z.object({ title: z.string().max(200), body: z.string().max(1000), path: pagePath })]),
  autostart: z.tuple([z.boolean().optional()]),
} as const satisfies Partial<Record<keyof Bridge, z.ZodType>>;
