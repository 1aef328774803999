import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "@cloudsmith/testkit";
import { isAlive } from "./processes.ts";

/** Where an app of these tests can be made to wait. */
export type Gate = "build" | "release" | "start";

/** A small app whose build, release command and start each wait while their gate is closed, and note when they began and ended. Gates belong to a version of it. */
export class GatedApp {
  readonly folder: string;
  readonly name: string;
  readonly #notes: string;
  #version = "";

  constructor(root: string, name: string, options: { fixedPort?: number; startSeconds?: number; code?: string } = {}) {
    this.name = name;
    this.folder = join(root, "sources", name);
    this.#notes = join(root, "notes", name);
    mkdirSync(this.folder, { recursive: true });
    mkdirSync(this.#notes, { recursive: true });
    this.write(
      "package.json",
      JSON.stringify({
        name,
        private: true,
        type: "module",
        scripts: { build: "node build.js", start: "node server.js" },
      }),
    );
    this.write(
      "cloudsmith.json",
      JSON.stringify({
        install: null,
        release: "node release.js",
        health: { startSeconds: options.startSeconds ?? 60 },
      }),
    );
    this.write("gate.js", gateSource(this.#notes));
    this.write("build.js", `import { pass } from "./gate.js";\nawait pass("build");\n`);
    this.write("release.js", `import { pass } from "./gate.js";\nawait pass("release");\n`);
    this.write("server.js", serverSource(options.fixedPort, options.code ?? ""));
    this.version = "v1";
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.folder, file), content);
  }

  get version(): string {
    return this.#version;
  }

  /** What the app answers; another version is another source, so that it is built. */
  set version(value: string) {
    this.#version = value;
    this.write("version.js", `export const version = ${JSON.stringify(value)};\n`);
  }

  close(gate: Gate): void {
    writeFileSync(this.#file(gate, "closed"), "");
  }

  open(gate: Gate, version = this.#version): void {
    rmSync(this.#file(gate, "closed", version), { force: true });
  }

  /** Resolves when somebody waits at a closed gate, a living process that came after the first `before`. */
  async waiting(gate: Gate, before = 0): Promise<void> {
    await waitFor(
      `${this.name} ${this.#version} to wait at its ${gate} gate`,
      () =>
        this.passes(gate)
          .slice(before)
          .some(({ pid, ended }) => !ended && isAlive(pid)),
      { timeoutMs: 60_000 },
    );
  }

  /** Who came to a gate, in order; `overlapped` when another one was in it at that moment. */
  passes(gate: Gate, version = this.#version): { pid: number; ended: boolean; overlapped: boolean }[] {
    let text = "";
    try {
      text = readFileSync(this.#file(gate, "notes", version), "utf8");
    } catch {
      // Nobody came yet.
    }
    const lines = text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split(" "));
    return lines
      .filter(([, what]) => what === "begin")
      .map(([pid, , other]) => ({
        pid: Number(pid),
        ended: lines.some(([ended, what]) => ended === pid && what === "end"),
        overlapped: other === "overlap",
      }));
  }

  #file(gate: Gate, kind: string, version = this.#version): string {
    return join(this.#notes, `${gate}-${version}.${kind}`);
  }
}

/** Polls, as it must work in any process of the app without a connection that a kill could break; gives up after three minutes. */
const gateSource = (notes: string): string => `import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { version } from "./version.js";
const file = (gate, kind) => ${JSON.stringify(notes)} + "/" + gate + "-" + version + "." + kind;
const isAlive = (pid) => { try { return process.kill(pid, 0) && !/^State:\\s+Z/m.test(readFileSync("/proc/" + pid + "/status", "utf8")); } catch { return false; } };
export async function pass(gate) {
  const notes = file(gate, "notes");
  const lines = existsSync(notes) ? readFileSync(notes, "utf8").trim().split("\\n").map((line) => line.split(" ")) : [];
  const inside = lines.some(([pid, what]) => what === "begin" && isAlive(Number(pid)) && !lines.some(([other, end]) => other === pid && end === "end"));
  appendFileSync(notes, process.pid + " begin" + (inside ? " overlap" : "") + "\\n");
  for (let round = 0; round < 9000 && existsSync(file(gate, "closed")); round++) await new Promise((resolve) => setTimeout(resolve, 20));
  appendFileSync(notes, process.pid + " end\\n");
}
`;

const serverSource = (fixedPort: number | undefined, code: string): string => `import { createServer } from "node:http";
import { pass } from "./gate.js";
import { version } from "./version.js";
${code}
await pass("start");
createServer((request, response) => response.end(version)).listen(${fixedPort ?? "process.env.PORT"});
`;
