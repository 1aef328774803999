import { app } from "electron";
import { apiVersion } from "@cloudsmith/contracts/api";
import { join } from "node:path";
import type * as z from "zod";
import { agentProgram } from "./agent/agent-program.ts";
import { signInDevice } from "./agent/device-session.ts";
import { dataFolder } from "./agent/installation.ts";
import { AgentSupervisor } from "./agent/supervisor.ts";
import { JsonFile } from "./json-file.ts";
import { AgentGateway } from "./pages/gateway.ts";
import { chooseWithoutKeyStore, systemKeyStore } from "./shell/key-store.ts";
import { defaultSettings, Settings } from "./shell/settings.ts";
import { StoredTokens, TokenStore } from "./shell/token-store.ts";
import { noWindows, WindowState } from "./windows/window-state.ts";

/** What the app is without anything to see: its files, the agent, and the way to it. */
export interface Core {
  readonly home: string;
  readonly version: string;
  readonly settings: JsonFile<Settings>;
  readonly windowState: JsonFile<WindowState>;
  readonly supervisor: AgentSupervisor;
  readonly gateway: AgentGateway;
}

/** Makes the parts; nothing runs yet. `isIdle` tells whether nothing is being deployed. */
export function makeCore(isIdle: () => boolean): Core {
  const home = dataFolder();
  const version = app.getVersion();
  const settings = file("settings.json", Settings, defaultSettings);
  const tokens = new TokenStore(file("tokens.json", StoredTokens, {}), systemKeyStore, () =>
    chooseWithoutKeyStore(settings),
  );
  const program = agentProgram({
    resources: process.resourcesPath,
    // desktop/ in a checkout.
    checkout: join(import.meta.dirname, "..", "..", "..", ".."),
    packaged: app.isPackaged,
    version,
  });
  // The gateway asks the supervisor for the agent, which waits for the gateway before it replaces one.
  const supervisor: AgentSupervisor = new AgentSupervisor({
    home,
    program,
    apiVersion,
    isIdle,
    drained: () => gateway.drained(),
    // The key store can be asked once the app is ready.
    signIn: (agent) => app.whenReady().then(() => signInDevice(agent, tokens)),
  });
  const gateway = new AgentGateway(supervisor);
  const windowState = file("windows.json", WindowState, noWindows);
  return { home, version, settings, windowState, supervisor, gateway };
}

function file<T>(name: string, schema: z.ZodType<T>, fallback: T): JsonFile<T> {
  return new JsonFile(join(app.getPath("userData"), name), schema, fallback);
}
