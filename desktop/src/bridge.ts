/**
 * What the desktop app offers to the page, as `window.cloudsmith`; absent in a browser. Every call is checked on the other side against
 * `bridgeArguments`, since a page is never trusted.
 */
import * as z from "zod";

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
  /** Shows a page in the main window. */
  openPage(path: string): Promise<void>;
  /** Makes this deployment's window a small one that shows where it is, or a full one. */
  setCompact(compact: boolean): Promise<void>;
  /** Whether the app starts when the person signs in to the computer. */
  autostart(on?: boolean): Promise<boolean>;
  /** What the person chose for the app; with an argument that is changed first. */
  settings(change?: ShellSettingsChange): Promise<ShellSettings>;
  /** What the agent behind the page is doing. */
  agent(): Promise<AgentStatus>;
  /** Called with each change of that. */
  onAgent(listener: (status: AgentStatus) => void): () => void;
  /** Starts an agent that was stopped or could not be started. */
  startAgent(): Promise<void>;
  /** Whether there is a newer version of the app; with true it is looked for first. */
  updates(look?: boolean): Promise<UpdateStatus>;
  /** Restarts into the update that is ready; false where there is none or something is being deployed. */
  restartToUpdate(): Promise<boolean>;
  /** Called with the path of a page that a deep link, a menu or a notification wants. */
  onNavigate(listener: (path: string) => void): () => void;
}

/** What people are told of the agent. `log` is the end of its log. */
export type AgentStatus =
  | { readonly state: "starting" }
  | { readonly state: "running"; readonly version: string }
  /** An agent of another version makes place for the one that came with the app. */
  | { readonly state: "replacing"; readonly from: string; readonly to: string }
  /** It ended by itself and is started again after a pause. */
  | { readonly state: "restarting"; readonly log: readonly string[]; readonly inMs: number }
  /** Somebody stopped it on purpose. */
  | { readonly state: "stopped" }
  | { readonly state: "failed"; readonly message: string; readonly fix: string; readonly log: readonly string[] };

/** What is known of newer versions of the app. */
export type UpdateStatus =
  /** It was not put here by an installer, so it does not update itself. */
  | { readonly state: "unsupported" }
  | { readonly state: "unknown" | "newest" }
  | { readonly state: "downloading" | "ready"; readonly version: string }
  | { readonly state: "failed"; readonly message: string };

/** What a person chooses for the app itself. */
export interface ShellSettings {
  readonly notificationsPaused: boolean;
  /** What happens to the agent when the app quits; apps go on in either case. */
  readonly onQuit: "leave-agent" | "stop-agent";
}

const ShellSettingsChange = z.strictObject({
  notificationsPaused: z.boolean().optional(),
  onQuit: z.enum(["leave-agent", "stop-agent"]).optional(),
});
export type ShellSettingsChange = z.infer<typeof ShellSettingsChange>;

/** The address of a page within the app. */
export const PagePath = z
  .string()
  .max(2000)
  .regex(/^\/(?![/\\])/);

/** The arguments of each call that crosses to the main process. */
export const bridgeArguments = {
  pickFolder: z.tuple([]),
  openExternal: z.tuple([z.url({ protocol: /^https?$/ })]),
  openDeploymentWindow: z.tuple([z.string().regex(/^dep_[0-9a-z]{4,64}$/)]),
  openPage: z.tuple([PagePath]),
  setCompact: z.tuple([z.boolean()]),
  autostart: z.tuple([z.boolean().optional()]),
  settings: z.tuple([ShellSettingsChange.optional()]),
  agent: z.tuple([]),
  startAgent: z.tuple([]),
  updates: z.tuple([z.boolean().optional()]),
  restartToUpdate: z.tuple([]),
} as const satisfies Partial<Record<keyof Bridge, z.ZodType>>;
