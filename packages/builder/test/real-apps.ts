import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openFileBlobs, type BlobStore } from "@cloudsmith/blobs";
import { newId, type ArtifactManifest, type BuildPlan, type PlanSettings } from "@cloudsmith/contracts";
import type { LogLine } from "@cloudsmith/logs";
import { runBuild, type BuildResult } from "../src/build/run-build.ts";
import { planSource } from "../src/plan/plan-source.ts";
import { buildMarker, killTree } from "../src/process/kill-tree.ts";
import { lineReader } from "../src/process/line-reader.ts";
import { openArtifact } from "../src/runtime/open-artifact.ts";
import { runtimeFor } from "../src/runtime/runtime-for.ts";
import { takeSource, unpackSource } from "../src/source/take-source.ts";

export interface BuildExtras {
  readonly dir?: string;
  readonly flags?: PlanSettings;
  readonly signal?: AbortSignal;
  readonly env?: Record<string, string>;
  readonly secrets?: readonly string[];
  readonly onLine?: (text: string) => void;
}

export interface Built {
  readonly plan: BuildPlan;
  readonly result: BuildResult;
  readonly log: string[];
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly log: readonly string[];
}

const startMilliseconds = 60_000;

/** Plans, builds, starts and requests real apps, in a folder of its own that is removed at the end. Downloads are kept between runs where `sharedDownloads` is set. */
export class RealApps implements Disposable {
  readonly folder: string;
  readonly cacheDir: string;
  readonly workDir: string;
  readonly teamId = newId("team");
  readonly blobs: BlobStore;
  readonly signal = AbortSignal.timeout(7_200_000);

  /** A folder that is given may be another process' too. */
  constructor(options: { readonly sharedDownloads: boolean; readonly folder?: string }) {
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), "real-apps-"));
    this.cacheDir = join(this.folder, "cache");
    this.workDir = join(this.folder, "work");
    this.blobs = openFileBlobs({ dir: join(this.folder, "blobs") });
    mkdirSync(this.cacheDir, { recursive: true });
    if (!options.sharedDownloads) return;
    const kept = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "cloudsmith-test", "downloads");
    mkdirSync(kept, { recursive: true });
    symlinkSync(kept, join(this.cacheDir, "downloads"));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A source of the named files; what is no text becomes JSON. */
  newApp(files: Readonly<Record<string, string | object>>): string {
    const root = mkdtempSync(join(this.folder, "app-source-"));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
    }
    return root;
  }

  async build(path: string, extras: BuildExtras = {}): Promise<Built> {
    const { teamId, blobs, workDir, cacheDir, signal } = this;
    const log: string[] = [];
    const write = (line: LogLine): void => {
      log.push(line.text);
      extras.onLine?.(line.text);
    };
    const taken = await takeSource({ type: "folder", path, dir: "" }, { teamId, blobs, workDir, signal, log: write });
    log.length = 0;
    const root = mkdtempSync(join(this.folder, "source-"));
    await unpackSource(taken.digest, { teamId, blobs, to: root, signal });
    const planned = await planSource({ root, dir: extras.dir ?? "", flags: extras.flags ?? {} });
    if (!planned.ok) throw new Error(`${planned.failure.message}: ${planned.failure.fix ?? ""}`);
    const result = await runBuild({
      teamId,
      source: taken.digest,
      plan: planned.plan,
      env: extras.env ?? {},
      secrets: extras.secrets ?? [],
      blobs,
      workDir,
      cacheDir,
      limits: { seconds: 400, memoryMb: 4096, diskMb: 8192, outputBytes: 1e7 },
      signal: extras.signal ?? signal,
      log: write,
    });
    return { plan: planned.plan, result, log };
  }

  /** The manifest of a build that has to succeed. */
  async built(path: string, extras: BuildExtras = {}): Promise<ArtifactManifest> {
    const { result, log } = await this.build(path, extras);
    if (!result.ok) throw new Error(`${result.failure.message}\n${log.slice(-60).join("\n")}`);
    return result.manifest;
  }

  async unpack(manifest: ArtifactManifest): Promise<string> {
    const to = join(mkdtempSync(join(this.folder, "app-")), "app");
    await openArtifact({ teamId: this.teamId, digest: manifest.digest, blobs: this.blobs, to, signal: this.signal });
    return to;
  }

  /** A page of a site that was built, by the rules of its plan. What the page loads from its own host has to be there too. */
  async page(manifest: ArtifactManifest, path = "/"): Promise<Pick<Answer, "status" | "body">> {
    const appRoot = await this.unpack(manifest);
    const runtime = await runtimeFor(manifest, { cacheDir: this.cacheDir, appRoot, signal: this.signal });
    if (!("static" in runtime)) throw new Error("expected files");
    const { dir, spa } = runtime.static;
    const file = (name: string): string | undefined =>
      [join(dir, name), join(dir, name, "index.html")].find((each) =>
        statSync(each, { throwIfNoEntry: false })?.isFile(),
      );
    const found = file(path) ?? (spa ? file("index.html") : undefined);
    if (found === undefined) return { status: 404, body: readdirSync(dir).join(" ") };
    const body = readFileSync(found, "utf8");
    const loads = [...body.matchAll(/(?:src|href)="?(\/[\w./-]+\.(?:js|css))\b/g)].map(([, name = ""]) => name);
    const missing = loads.filter((name) => file(name) === undefined);
    return missing.length === 0 ? { status: 200, body } : { status: 404, body: `missing: ${missing.join(" ")}` };
  }

  /** Starts what was built, as the keeper does, and gives its first answer. */
  async request(manifest: ArtifactManifest, path = "/", env: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const appRoot = await this.unpack(manifest);
    const runtime = await runtimeFor(manifest, { cacheDir: this.cacheDir, appRoot, signal: this.signal });
    if ("static" in runtime) throw new Error("expected a process");
    const port = await freePort();
    const log: string[] = [];
    const marker = randomUUID();
    const [program = "", ...args] = runtime.argv.map((word) =>
      word.replaceAll("$PORT", String(port)).replaceAll("$HOST", "127.0.0.1"),
    );
    const { HOST: _, ...given } = runtime.env;
    const home = mkdtempSync(join(this.folder, "home-"));
    const all = { ...given, ...env, HOME: home, TMPDIR: home, PORT: String(port), [buildMarker]: marker };
    const child = spawn(program, args, {
      cwd: runtime.cwd,
      env: all,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) void lineReader(stream, (line) => log.push(line));
    let ended: string | undefined;
    child.once("error", (error) => (ended = error.message));
    child.once("exit", (code, signal) => (ended = `it ended with ${code ?? signal}`));
    try {
      for (const deadline = Date.now() + startMilliseconds; ;) {
        const timeout = AbortSignal.timeout(10_000);
        const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: timeout }).catch(() => undefined);
        if (response !== undefined) return { status: response.status, body: await response.text(), log };
        if (Date.now() > deadline) ended = "no answer in time";
        if (ended !== undefined) throw new Error(`${runtime.argv.join(" ")}: ${ended}\n${log.join("\n")}`);
        await new Promise((done) => setTimeout(done, 25));
      }
    } finally {
      await killTree(child.pid, marker);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
