import { localTeam } from "@cloudsmith/authspire";
import type { Connection } from "@cloudsmith/contracts";
import { apiVersion } from "@cloudsmith/contracts/api";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { OnError } from "./api/error-answers.ts";
import { uiHost } from "./api/same-site.ts";
import { startServer } from "./api/server.ts";
import { removeConnection, writeConnection, writePrivate } from "./compose/connection-file.ts";
import { startEmbedded, type EmbeddedOptions } from "./compose/embedded.ts";
import type { Paths } from "./paths.ts";
import type { AgentServices } from "./services.ts";
import { version } from "./version.ts";

export interface StartOptions extends Pick<
  EmbeddedOptions,
  "builds" | "proxyPort" | "keeper" | "homeFolder" | "github" | "gitHubLimits"
> {
  readonly paths: Paths;
  /** Taken, or the next free one after it; 0 is any. */
  readonly port: number;
  readonly onError: OnError;
  /** Somebody asked the agent through its API to stop. */
  readonly onShutdown: (apps: "keep" | "stop") => void;
}

export interface RunningAgent {
  readonly services: AgentServices;
  readonly connection: Connection;
  /** Ends what runs in this process; apps go on unless they are to stop. */
  stop(apps: "keep" | "stop"): Promise<void>;
}

/** Starts the agent of an installation in this process. The caller holds the installation's lock. */
export async function startAgent({
  paths,
  port: wanted,
  onError,
  onShutdown,
  ...rest
}: StartOptions): Promise<RunningAgent> {
  const stopping = new AbortController();
  const startedAt = new Date().toISOString();
  let url = "";
  const embedded = await startEmbedded({
    ...rest,
    paths,
    info: () => ({ version, apiVersion, mode: "embedded", url, pid: process.pid, startedAt }),
    onError,
    onShutdown,
    renewInstallToken: (revokedId) => renew(revokedId),
  });
  const { services } = embedded;
  const { app, port } = await startServer({ services, port: wanted, signal: stopping.signal, onError });
  url = `http://${uiHost}:${port}`;
  let installToken = await lastToken(services, paths.token);
  const connect = async (): Promise<Connection> => {
    installToken ??= await newToken(services, paths.token);
    const found = { url: `http://127.0.0.1:${port}`, pid: process.pid, token: installToken.value, version, apiVersion };
    await writeConnection(paths.connection, found);
    return found;
  };
  const renew = async (revokedId: string): Promise<void> => {
    if (installToken?.id !== revokedId) return;
    installToken = undefined;
    await connect();
  };
  return {
    services,
    connection: await connect(),
    async stop(apps) {
      stopping.abort();
      await app.close();
      await embedded.stop(apps);
      await removeConnection(paths.connection, process.pid);
    },
  };
}

interface InstallToken {
  readonly id: string;
  readonly value: string;
}

/** The bearer token of earlier runs, while it is known: programs that hold it stay signed in over a restart. */
async function lastToken(services: AgentServices, file: string): Promise<InstallToken | undefined> {
  const value = await readFile(file, "utf8").catch(() => undefined);
  const identity = value === undefined ? undefined : await services.credentials.identify(value);
  return value === undefined || identity === undefined ? undefined : { id: identity.token.id, value };
}

async function newToken(services: AgentServices, file: string): Promise<InstallToken> {
  const value = randomBytes(32).toString("base64url");
  const { token } = await services.credentials.issue({ kind: "token", ...localTeam, name: "this computer", value });
  await writePrivate(file, value);
  return { id: token.id, value };
}
