import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newId } from "@cloudsmith/contracts";
import { connectKeeper, type Keeper } from "../../keeper-client.ts";
import type { KeeperRelease, KeeperRoute, KeeperStatus, ObservedRelease } from "../../protocol.ts";
import { findFreePort } from "../free-port.ts";
import { startTimeOf } from "../processes/process-table.ts";

const limitMs = 30_000;
/** Argv of a keeper that ends with the test process whose id is in CLOUDSMITH_TEST_PID. */
export const keeperCommand = [process.execPath, fileURLToPath(new URL("./guarded-keeper.ts", import.meta.url))];
/** Apps end with the test as well, also when their keeper was killed. */
const appPrelude = `setInterval(() => { try { process.kill(${process.pid}, 0) } catch { process.exit() } }, 250).unref();\n`;

export interface ReleaseOverrides {
  readonly environmentId?: string;
  readonly env?: Record<string, string>;
  readonly startSeconds?: number;
  readonly memoryMb?: number;
  readonly healthPath?: string;
  readonly portHint?: number;
  readonly exclusive?: boolean;
  readonly secrets?: string[];
  readonly argv?: string[];
  readonly persist?: { link: string; dir: string };
}

/** A real keeper process on a temporary data folder, and makers of what it is given. */
export class TestKeeper {
  readonly dataDir = mkdtempSync(join(tmpdir(), "keeper-"));
  readonly teamId = newId("team");
  readonly projectId = newId("project");
  readonly environmentId = newId("environment");
  keeper: Keeper;
  #generation = 0;
  readonly #port: number;

  private constructor(keeper: Keeper | null, port: number) {
    this.#port = port;
    // Connected by `start` before anybody sees it.
    this.keeper = keeper as Keeper;
  }

  static async start(): Promise<TestKeeper> {
    const test = new TestKeeper(null, await findFreePort(new Set()));
    await test.connect();
    return test;
  }

  async connect(): Promise<void> {
    const env = { PATH: process.env["PATH"], CLOUDSMITH_TEST_PID: String(process.pid) };
    this.keeper = await connectKeeper({
      dataDir: this.dataDir,
      command: keeperCommand,
      env,
      proxyPort: this.#port,
      signal: AbortSignal.timeout(limitMs),
    });
  }

  /** Kills the keeper process as a crash would. */
  async killKeeper(): Promise<void> {
    const { pid } = await this.keeper.status();
    process.kill(pid, "SIGKILL");
    await waitFor(async () => !(await isAlive(pid)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connect();
    await this.keeper.shutdown();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  folder(name: string, files: Record<string, string | Buffer> = {}): string {
    const dir = join(this.dataDir, "apps", name);
    mkdirSync(dir, { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(dir, path, ".."), { recursive: true });
      writeFileSync(join(dir, path), content);
    }
    return dir;
  }

  /** A release of a Node script. */
  app(source: string, overrides: ReleaseOverrides = {}): KeeperRelease {
    const id = newId("release");
    const cwd = this.folder(id, { "app.mjs": appPrelude + source });
    const argv = overrides.argv ?? [process.execPath, "app.mjs"];
    const run = {
      type: "process" as const,
      argv,
      cwd,
      env: { PATH: process.env["PATH"] ?? "", ...overrides.env },
      portHint: overrides.portHint ?? null,
    };
    return this.#release(id, run, overrides);
  }

  site(files: Record<string, string | Buffer>, options: { spa?: boolean; immutable?: string[] } = {}): KeeperRelease {
    const id = newId("release");
    return this.#release(
      id,
      { type: "static", dir: this.folder(id, files), spa: options.spa ?? false, immutable: options.immutable ?? [] },
      {},
    );
  }

  #release(id: string, run: KeeperRelease["run"], overrides: ReleaseOverrides): KeeperRelease {
    return {
      id,
      teamId: this.teamId,
      projectId: this.projectId,
      environmentId: overrides.environmentId ?? this.environmentId,
      desired: "running",
      run,
      homeDir: join(this.dataDir, "homes", id),
      tempDir: join(this.dataDir, "temps", id),
      health: { path: overrides.healthPath ?? "/", startSeconds: overrides.startSeconds ?? 20 },
      limits: { memoryMb: overrides.memoryMb ?? null },
      secrets: overrides.secrets ?? [],
      ...(overrides.persist !== undefined && { persist: overrides.persist }),
      ...(overrides.exclusive !== undefined && { exclusive: overrides.exclusive }),
    };
  }

  route(release: KeeperRelease | null, host = "shop", state: KeeperRoute["state"] = "live"): KeeperRoute {
    return {
      environmentId: release?.environmentId ?? this.environmentId,
      host,
      releaseId: release?.id ?? null,
      plainPort: null,
      state,
    };
  }

  apply(releases: KeeperRelease[], routes: KeeperRoute[]): Promise<KeeperStatus> {
    this.#generation += 1;
    return this.keeper.apply({ generation: this.#generation, releases, routes }, AbortSignal.timeout(limitMs));
  }

  /** Applies and waits until the release is healthy. */
  async deploy(release: KeeperRelease, routes = [this.route(release)]): Promise<ObservedRelease> {
    await this.apply([release], routes);
    return this.until(release, (observed) => observed.state === "healthy");
  }

  /** Waits until a release looks as asked for; fails after 30 s with what it looks like. */
  async until(release: KeeperRelease, isReached: (observed: ObservedRelease) => boolean): Promise<ObservedRelease> {
    let last: ObservedRelease | undefined;
    for await (const status of this.keeper.watch(AbortSignal.timeout(limitMs))) {
      last = status.releases.find((observed) => observed.id === release.id);
      if (last !== undefined && isReached(last)) return last;
    }
    throw new Error(`not reached within ${limitMs} ms: ${JSON.stringify(last)}`);
  }

  /** Waits until the keeper has forgotten a release. */
  async untilGone(release: KeeperRelease): Promise<void> {
    for await (const status of this.keeper.watch(AbortSignal.timeout(limitMs))) {
      if (!status.releases.some((observed) => observed.id === release.id)) return;
    }
    throw new Error(`${release.id} is still there after ${limitMs} ms`);
  }

  async plainPort(): Promise<number> {
    const route = (await this.keeper.status()).routes[0];
    if (route === undefined) throw new Error("there is no route");
    return route.plainPort;
  }
}

export interface TestResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly trailers: NodeJS.Dict<string>;
}

/** One request over a connection of its own; unlike `fetch` it sends any header. */
export function get(
  port: number,
  path: string,
  options: RequestOptions & { body?: string | Buffer } = {},
): Promise<TestResponse> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, path, agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
          trailers: response.trailers,
        }),
      );
    });
    request.on("error", reject);
    request.end(options.body);
  });
}

/** Looks every 20 ms whether something has come true; fails after 30 s. */
export async function waitFor(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`not true within ${limitMs} ms: ${isTrue.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A zombie counts as dead: where nothing reaps orphans, it stays. */
export async function isAlive(pid: number): Promise<boolean> {
  return (await startTimeOf(pid)) !== null;
}
