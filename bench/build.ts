import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Writable } from "node:stream";
import { promisify } from "node:util";
import { build as bundle } from "esbuild";
import { packEntries } from "../packages/builder/src/archive/pack.ts";
import { walkTree } from "../packages/builder/src/archive/walk.ts";
import { median, timed, type Bench, type Row } from "./measure.ts";

const run = promisify(execFile);
const rounds = 7;
const files = 10_000;
const root = join(import.meta.dirname, "..");
/** Of this repository's own: small and large ones, code and types. */
const packages = ["@aws-sdk", "@octokit", "@orpc", "fastify", "kafkajs", "react-dom", "typescript", "zod"];

export const build: Bench = {
  name: "Plans and artifacts",
  how: `a repository of ${files} files is planned in a fresh process that runs the planner as one bundle, its time without the start of Node; what is packed is that repository, and packages as an app brings them along, against tar --zstd of the same level; median of ${rounds}, in turn`,
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), "cloudsmith-bench-"));
    try {
      makeRepository(folder);
      return [
        ...(await planning(folder)),
        await packing(`a repository of ${files} small files`, folder, ["."]),
        await packing("packages of an app", join(root, "node_modules"), packages),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** A workspace of 100 packages with source that has to be looked through for nothing. */
function makeRepository(to: string): void {
  writeFileSync(join(to, "package.json"), JSON.stringify({ private: true, workspaces: ["packages/*"] }));
  writeFileSync(join(to, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages: {} }));
  for (let number = 0; number < 100; number += 1) {
    const folder = join(to, "packages", `p${number}`, "src");
    mkdirSync(folder, { recursive: true });
    const app =
      number === 50 ? { scripts: { build: "next build", start: "next start" }, dependencies: { next: "16" } } : {};
    writeFileSync(join(folder, "..", "package.json"), JSON.stringify({ name: `p${number}`, ...app }));
    for (let file = 0; file < files / 100 - 1; file += 1)
      writeFileSync(
        join(folder, `file-${file}.ts`),
        `export const value${file} = "${"text ".repeat(60)}";\n`.repeat(4),
      );
  }
}

const planner = `import { planSource } from "./packages/builder/src/plan/plan-source.ts";
const started = performance.now();
const result = await planSource({ root: process.argv[2], dir: "" });
console.log(JSON.stringify({ took: performance.now() - started, ok: result.ok, mb: process.resourceUsage().maxRSS / 1024 }));`;

/** The planner in one file, as it is published: Node's own handling of TypeScript is no part of what is measured. */
async function bundledPlanner(folder: string): Promise<string> {
  const outfile = join(folder, "planner.mjs");
  await bundle({
    stdin: { contents: planner, resolveDir: root, loader: "ts" },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    minifySyntax: true,
    minifyWhitespace: true,
    banner: {
      js: 'import { createRequire as createRequire_ } from "node:module"; const require = createRequire_(import.meta.url);',
    },
  });
  return outfile;
}

async function planning(repository: string): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "cloudsmith-bench-"));
  try {
    return await timePlans(await bundledPlanner(folder), repository);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timePlans(program: string, repository: string): Promise<Row[]> {
  const took: number[] = [];
  const memory: number[] = [];
  const { stdout: idle } = await run(process.execPath, ["-e", "console.log(process.resourceUsage().maxRSS / 1024)"]);
  for (let round = 0; round < rounds; round += 1) {
    const { stdout } = await run(process.execPath, [program, repository]);
    const answer: unknown = JSON.parse(stdout);
    if (typeof answer !== "object" || answer === null || !("took" in answer) || !("mb" in answer))
      throw new Error(stdout);
    took.push(Number(answer.took));
    memory.push(Number(answer.mb) - Number(idle));
  }
  const [time, mb] = [median(took), median(memory)];
  return [
    { what: `plan of ${files} files`, figure: `${time.toFixed(0)} ms`, goal: "under 150 ms", met: time < 150 },
    { what: "its memory, above that of Node", figure: `${mb.toFixed(0)} MB`, goal: "under 80 MB", met: mb < 80 },
  ];
}

async function packing(what: string, from: string, names: readonly string[]): Promise<Row> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
  const chosen = new Set(names);
  const skip = (path: string): boolean => !chosen.has(".") && !path.includes("/") && !chosen.has(path);
  for (let round = 0; round < rounds; round += 1) {
    const options = { level: 1, signal: AbortSignal.timeout(60_000) };
    ours.push(await timed(() => pipeline(packEntries(walkTree(from, { skip }), options), nowhere())));
    theirs.push(
      await timed(async () => {
        const child = spawn("tar", ["-I", "zstd -1", "-cf", "-", "-C", from, ...names], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        await pipeline(child.stdout, nowhere());
      }),
    );
  }
  const ratio = median(theirs) / median(ours);
  return {
    what: `packing ${what}, speed against tar --zstd`,
    figure: `${ratio.toFixed(2)}x`,
    goal: "at least 0.9x",
    met: ratio >= 0.9,
  };
}
