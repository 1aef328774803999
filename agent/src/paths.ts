import { dataFolderParts, installationFiles } from "@cloudsmith/contracts";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where an installation keeps everything it owns. */
export interface Paths {
  readonly home: string;
  readonly database: string;
  readonly events: string;
  readonly blobs: string;
  readonly logs: string;
  readonly secrets: string;
  readonly key: string;
  readonly work: string;
  readonly cache: string;
  readonly apps: string;
  readonly keeper: string;
  /** Address, process and token of the running agent, for the command line and the desktop. */
  readonly connection: string;
  /** The installation's bearer token, kept over restarts. */
  readonly token: string;
  readonly agentLog: string;
  /** What a person may set for the whole installation; need not be there. */
  readonly settings: string;
}

/** The data folder: CLOUDSMITH_HOME, or the platform's own place for application data. */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(...dataFolderParts({ platform: process.platform, home: homedir(), environment }));
}

/** Every path of an installation below its data folder. */
export function pathsOf(home: string = dataFolder()): Paths {
  return {
    home,
    database: join(home, "cloudsmith.db"),
    events: join(home, "events.db"),
    blobs: join(home, "blobs"),
    logs: join(home, "logs"),
    secrets: join(home, "secrets"),
    key: join(home, "key"),
    work: join(home, "work"),
    cache: join(home, "cache"),
    apps: join(home, "apps"),
    keeper: join(home, "keeper"),
    connection: join(home, installationFiles.connection),
    token: join(home, installationFiles.token),
    agentLog: join(home, installationFiles.agentLog),
    settings: join(home, "settings.json"),
  };
}
