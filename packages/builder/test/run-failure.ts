import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, mkdtempSync } from "node:fs";
import { once } from "node:events";
import { createServer, get, IncomingMessage } from "node:http";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { openFileBlobs } from "@cloudsmith/blobs";
import { CloudSmithError, newId, type BuildPlan, type Failure } from "@cloudsmith/contracts";
import { diagnose, type DiagnoseInput } from "../src/diagnose/diagnose.ts";
import { runBuild } from "../src/build/run-build.ts";
import { newDraft } from "../src/plan/draft.ts";
import { planSource } from "../src/plan/plan-source.ts";
import { buildMarker, killTree } from "../src/process/kill-tree.ts";
import { lineReader } from "../src/process/line-reader.ts";
import { runSupervised } from "../src/process/run-supervised.ts";
import { openArtifact } from "../src/runtime/open-artifact.ts";
import { runtimeFor } from "../src/runtime/runtime-for.ts";
import { parseSource } from "../src/source/parse-source.ts";
import { takeSource, unpackSource } from "../src/source/take-source.ts";
import { failuresFolder, type FailureFixture } from "./failure-fixture.ts";
import { listeningOf } from "./listening.ts";

export interface Ran {
  /** Undefined where nothing failed. */
  readonly failure: Failure | undefined;
  /** What the diagnosis was given; undefined where it was not asked. */
  readonly input: DiagnoseInput | undefined;
  readonly log: readonly string[];
}

interface Started {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly plan: BuildPlan;
}

interface Place {
  /** Removed by the caller. */
  readonly folder: string;
  /** Of downloads and toolchains; may be shared between runs. */
  readonly cacheDir: string;
  readonly signal: AbortSignal;
}

/** Lets a fixture fail for real, as a deployment would, and says what the diagnosis is. */
export async function runFailure(fixture: FailureFixture, place: Place): Promise<Ran> {
  await using server = await testServer(fixture.registry ?? 200);
  const env = { ...fixture.env, TEST_REGISTRY: `http://127.0.0.1:${server.port}/`, TEST_PORT: String(server.port) };
  try {
    return fixture.kind === undefined ? await deploy(fixture, place, env) : await runTools(fixture, place, env);
  } catch (error) {
    if (!(error instanceof CloudSmithError)) throw error;
    const { code, message, why, fix } = error;
    return {
      failure: { code, message, ...(why !== undefined && { cause: why }), ...(fix !== undefined && { fix }) },
      input: undefined,
      log: [],
    };
  }
}

async function deploy(fixture: FailureFixture, place: Place, env: Record<string, string>): Promise<Ran> {
  const { folder, cacheDir, signal } = place;
  const teamId = newId("team");
  const log: string[] = [];
  const blobs = openFileBlobs({ dir: join(folder, "blobs") });
  const workDir = join(folder, "work");
  const write = (line: { readonly text: string }): void => void log.push(line.text);
  const source = await parseSource(await sourceOf(fixture, folder, env), { cwd: folder });
  const limits = fixture.limits === undefined ? {} : { limits: fixture.limits };
  const taken = await takeSource(source, { teamId, blobs, workDir, signal, log: write, ...limits });
  const root = mkdtempSync(join(folder, "source-"));
  await unpackSource(taken.digest, { teamId, blobs, to: root, signal });
  const planned = await planSource({ root, dir: fixture.dir, variables: Object.keys(env) });
  if (!planned.ok) return { failure: planned.failure, input: undefined, log };
  const result = await runBuild({
    teamId,
    source: taken.digest,
    plan: planned.plan,
    env,
    secrets: [],
    blobs,
    workDir,
    cacheDir,
    limits: { seconds: 240, memoryMb: 3072, diskMb: 8192, outputBytes: 1e7 },
    signal,
    log: write,
  });
  if (!result.ok) {
    const command = log.findLastIndex((line) => line.startsWith("$ "));
    const input = { stage: "building", plan: planned.plan, log: log.slice(command + 1), exit: failed } as const;
    return { failure: result.failure, input, log };
  }
  const appRoot = join(mkdtempSync(join(folder, "app-")), "app");
  await openArtifact({ teamId, digest: result.manifest.digest, blobs, to: appRoot, signal });
  const runtime = await runtimeFor(result.manifest, { cacheDir, appRoot, signal });
  if ("static" in runtime) return { failure: undefined, input: undefined, log };
  const { plan } = result.manifest;
  const all = { ...runtime.env, ...env, HOME: folder };
  if (runtime.release !== undefined) {
    const released = await runCommands([{ argv: runtime.release.argv }], runtime.release.cwd, all, signal);
    if (released.code !== 0) return explain({ stage: "releasing", plan, log: released.log, exit: exitOf(released) });
  }
  return start(fixture, { argv: runtime.argv, cwd: runtime.cwd, env: all, plan }, signal);
}

/** The address or folder that a person would give. */
async function sourceOf(fixture: FailureFixture, folder: string, env: Record<string, string>): Promise<string> {
  const own = join(failuresFolder, fixture.name);
  if (fixture.repository === undefined)
    return fixture.git?.replace("$TEST_REGISTRY/", env["TEST_REGISTRY"] ?? "") ?? own;
  const copy = join(mkdtempSync(join(folder, "repository-")), "app");
  cpSync(own, copy, { recursive: true, filter: (path) => !path.endsWith("expectation.json") });
  const who = { GIT_AUTHOR_NAME: "Ann", GIT_AUTHOR_EMAIL: "ann@example.org" };
  const committer = { GIT_COMMITTER_NAME: "Ann", GIT_COMMITTER_EMAIL: "ann@example.org" };
  for (const script of ["git init --quiet .", ...fixture.repository])
    await run("/bin/sh", ["-c", script], { cwd: copy, env: { ...process.env, ...who, ...committer } });
  return `${pathToFileURL(copy).href}${fixture.ref === undefined ? "" : `#${fixture.ref}`}`;
}

const run = promisify(execFile);
const failed = { code: 1, signal: null };

/** The kind's own tools, called as its commands say. */
async function runTools(fixture: FailureFixture, place: Place, env: Record<string, string>): Promise<Ran> {
  const cwd = join(mkdtempSync(join(place.folder, "tools-")), "app");
  cpSync(join(failuresFolder, fixture.name), cwd, { recursive: true });
  const plan = { ...newDraft(fixture.kind ?? "python", "").plan, port: null };
  const at = (name: string): string => join(place.cacheDir, "downloads", name);
  const all: Record<string, string> = {
    ...Object.fromEntries(
      Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    ),
    PATH: [join(cwd, "venv", "bin"), process.env["PATH"] ?? ""].join(delimiter),
    HOME: place.folder,
    PYENV_ROOT: join(homedir(), ".pyenv"),
    RUSTUP_HOME: join(homedir(), ".rustup"),
    CARGO_HOME: at("cargo"),
    GOMODCACHE: at("go-mod"),
    GOCACHE: at("go-build"),
    GOFLAGS: "-modcacherw",
    PIP_CACHE_DIR: at("pip"),
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    VIRTUAL_ENV: join(cwd, "venv"),
    ...env,
  };
  const ran = await runCommands(
    fixture.commands.map((script) => ({ script })),
    cwd,
    all,
    place.signal,
  );
  if (ran.code !== 0)
    return explain({ stage: "building", plan, log: ran.log, exit: exitOf(ran), facts: { root: cwd } });
  if (fixture.start === undefined) return { failure: undefined, input: undefined, log: ran.log };
  return start(fixture, { argv: ["/bin/sh", "-c", fixture.start], cwd, env: all, plan }, place.signal);
}

interface CommandsRan {
  readonly code: number | null;
  readonly signal: string | null;
  readonly log: readonly string[];
}

/** One after the other until one fails; the log is the last one's. */
async function runCommands(
  commands: readonly ({ script: string } | { argv: string[] })[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<CommandsRan> {
  let last: CommandsRan = { code: 0, signal: null, log: [] };
  for (const command of commands) {
    const log: string[] = [];
    const result = await runSupervised(command, {
      cwd,
      env,
      signal,
      buildId: randomUUID(),
      limits: { seconds: 240, memoryMb: 3072, outputBytes: 1e7 },
      log: (line) => log.push(line.text),
    });
    last = { code: result.code, signal: result.signal, log };
    if (result.code !== 0) break;
  }
  return last;
}

function exitOf({ code, signal }: CommandsRan): NonNullable<DiagnoseInput["exit"]> {
  return { code, signal };
}

/** Starts an app and watches it until it ends, answers or has had its time. */
async function start(fixture: FailureFixture, app: Started, signal: AbortSignal): Promise<Ran> {
  const { plan } = app;
  const log: string[] = [];
  const marker = randomUUID();
  const port = await freePort();
  const [program = "", ...args] = app.argv;
  const child = spawn(program, args, {
    cwd: app.cwd,
    env: { ...app.env, PORT: String(port), [buildMarker]: marker },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const drained = Promise.all(
    [child.stdout, child.stderr].map((stream) => lineReader(stream, (line) => log.push(line))),
  );
  child.on("error", (error) => log.push(`${program} could not be started: ${error.message}`));
  const seen = { stage: "verifying", plan, log } as const;
  try {
    const deadline = Date.now() + fixture.seconds * 1000;
    while (Date.now() < deadline) {
      signal.throwIfAborted();
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
        await drained;
        return explain({ ...seen, exit: { code: child.exitCode ?? 127, signal: child.signalCode } });
      }
      const answer = await ask(port, plan.health.path);
      if (answer !== undefined && answer.status < 400) return { failure: undefined, input: undefined, log };
      if (answer !== undefined)
        return explain({ ...seen, facts: { httpStatus: answer.status, httpBody: answer.body } });
      await new Promise((done) => setTimeout(done, 50));
    }
    const listening = await listeningOf(child.pid ?? 0);
    const container = fixture.container ?? false;
    return explain({ ...seen, facts: { timedOut: true, listening, port, container } });
  } finally {
    await killTree(child.pid, marker);
  }
}

/** Asks as the proxy does, under the app's own host name. */
async function ask(port: number, path: string): Promise<{ status: number; body: string } | undefined> {
  const request = get({ port, path, host: "127.0.0.1", headers: { host: "shop.example.com" }, timeout: 1000 });
  request.on("timeout", () => request.destroy(new Error("no answer")));
  try {
    const [response] = await once(request, "response");
    return response instanceof IncomingMessage
      ? { status: response.statusCode ?? 0, body: (await text(response)).slice(0, 2000) }
      : undefined;
  } catch {
    // Not yet.
    return undefined;
  }
}

function explain(input: DiagnoseInput): Ran {
  return { failure: diagnose(input), input, log: input.log };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Answers everything with one status, or never; its port is taken meanwhile. */
async function testServer(status: number): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((_request, response) => {
    if (status !== 0) response.writeHead(status).end("{}");
  }).listen(0);
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
