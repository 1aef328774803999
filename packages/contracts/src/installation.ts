import * as z from "zod";

/** How programs of this person reach the agent: the file `agent.json` of the data folder, readable by its owner alone since it holds the installation's bearer token. */
export const Connection = z.object({
  url: z.string(),
  pid: z.number().int(),
  token: z.string(),
  version: z.string(),
  apiVersion: z.number().int(),
});
export type Connection = z.infer<typeof Connection>;

/** Files of the data folder that other programs than the agent read. */
export const installationFiles = { connection: "agent.json", agentLog: "agent.log", token: "token" } as const;

/** Exit code of an agent that says: another one has this data folder. */
export const agentAlreadyRunning = 75;

export interface Machine {
  readonly platform: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The parts of the data folder's path: CLOUDSMITH_HOME, or the platform's own place for application data. */
export function dataFolderParts({ platform, home, environment }: Machine): readonly [string, ...string[]] {
  const { CLOUDSMITH_HOME: chosen, XDG_DATA_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (chosen !== undefined && chosen !== "") return [chosen];
  if (platform === "darwin") return [home, "Library", "Application Support", "CloudSmith"];
  if (platform === "win32")
    return local === undefined ? [home, "AppData", "Local", "CloudSmith"] : [local, "CloudSmith"];
  return xdg !== undefined && xdg !== "" ? [xdg, "cloudsmith"] : [home, ".local", "share", "cloudsmith"];
}
