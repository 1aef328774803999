import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { createAgentClient, type AgentClient } from "@cloudsmith/agent/src/client.ts";
import { readConnection } from "@cloudsmith/agent/src/compose/connection-file.ts";
import type { Connection, Deployment } from "@cloudsmith/contracts";
import { freePort } from "@cloudsmith/testkit";

const root = join(import.meta.dirname, "..");
const bundle = join(root, "dist", "cloudsmith");
const run = promisify(execFile);

/** Makes the bundle that is published: what people run is what is measured. */
export function makeBundle(): void {
  execFileSync(process.execPath, [join(root, "scripts", "bundle.mjs")], { stdio: "ignore" });
}

/** An installation of the bundle with a data folder of its own, gone at the end. */
export class Bundled implements AsyncDisposable {
  readonly home = mkdtempSync(join(tmpdir(), "cloudsmith-bench-"));
  readonly #more: NodeJS.ProcessEnv;

  /** With more variables for its processes than the usual ones. */
  constructor(more: NodeJS.ProcessEnv = {}) {
    this.#more = more;
  }

  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, CLOUDSMITH_HOME: this.home, NO_COLOR: "1", ...this.#more };
  }

  /** Runs the command line; its output. */
  async cli(...args: string[]): Promise<string> {
    const { stdout } = await run(process.execPath, [join(bundle, "bin", "cloudsmith.mjs"), ...args], {
      env: this.environment,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  }

  /** Starts the agent; milliseconds until it answered. */
  async startAgent(): Promise<number> {
    const port = await freePort();
    const start = performance.now();
    const entry = join(bundle, "lib", "agent.mjs");
    const flags = ["--data", this.home, "--port", String(port), "--proxy-port", String(await freePort())];
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", entry, ...flags], {
      env: this.environment,
      stdio: "ignore",
      detached: true,
    });
    child.unref();
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/api/system/info`).catch(() => undefined);
      if (answer?.ok === true) break;
      if (child.exitCode !== null) throw new Error(`The agent ended with ${child.exitCode}`);
      await wait(2);
    }
    const took = performance.now() - start;
    for (let tries = 0; tries < 500; tries++) {
      if ((await this.connection())?.pid === child.pid) return took;
      await wait(10);
    }
    throw new Error("The agent wrote no connection");
  }

  connection(): Promise<Connection | undefined> {
    return readConnection(join(this.home, "agent.json"));
  }

  async client(): Promise<AgentClient> {
    const connection = await this.connection();
    if (connection === undefined) throw new Error("The agent is not running");
    return createAgentClient(connection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cli("agent", "stop", "--apps").catch(() => this.cli("agent", "stop"));
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Follows a deployment to its end; throws when it does not go live. */
export async function settled(client: AgentClient, deployment: Deployment): Promise<Deployment> {
  const subscription = { type: "deployment" as const, key: "d", deployment: deployment.id, after: 0, logs: false };
  let last = deployment;
  for await (const message of await client.live.open({ subscriptions: [subscription] })) {
    if (message.type === "timeline") last = message.deployment;
    if (message.type === "end") break;
  }
  if (last.state !== "live") throw new Error(`The deployment ended ${last.state}: ${JSON.stringify(last.failure)}`);
  return last;
}

/** Waits until an app's own address answers 2xx; that address. */
export async function answering(client: AgentClient, project: string): Promise<string> {
  for (let tries = 0; tries < 2000; tries++) {
    const { plainUrl } = await client.environments.get({ project, environment: "production" });
    if (plainUrl !== null && (await answers(plainUrl))) return plainUrl;
    await wait(10);
  }
  throw new Error(`${project} does not answer`);
}

export async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.ok === true;
}
