import * as z from "zod";

/** What a person chose for the app itself; what belongs to projects is the agent's. */
export const Settings = z.object({
  notificationsPaused: z.boolean().default(false),
  /** What happens to the agent when the app quits. Apps go on in either case. */
  onQuit: z.enum(["leave-agent", "stop-agent"]).default("leave-agent"),
  /** What to do where the machine has no key store; undefined until a person was asked. */
  withoutKeyStore: z.enum(["until-quit", "plain-file"]).optional(),
  /** Told once that closing the window leaves the app in the tray. */
  toldOfTray: z.boolean().default(false),
});
export type Settings = z.infer<typeof Settings>;

export const defaultSettings: Settings = Settings.parse({});
