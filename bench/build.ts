import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Writable } from "node:stream";
import { promisify } from "node:util";
import { packEntries } from "../packages/builder/src/archive/pack.ts";
import { walkTree } from "../packages/builder/src/archive/walk.ts";
import { median, timed, type Bench, type Row } from "./measure.ts";

const run = promisify(execFile);
const rounds = 7;
const files = 10_000;

export const build: Bench = {
  name: "Plans and artifacts",
  how: `a repository of ${files} files is planned in a fresh process, its time without the start of Node; artifacts are packed against tar --zstd of the same level; median of ${rounds}, in turn`,
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), "cloudsmith-bench-"));
    try {
      makeRepository(folder);
      return [...(await planning(folder)), await packing(folder)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** A workspace of 100 packages with source that has to be looked through for nothing. */
function makeRepository(root: string): void {
  writeFileSync(join(root, "package.json"), JSON.stringify({ private: true, workspaces: ["packages/*"] }));
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages: {} }));
  for (let number = 0; number < 100; number += 1) {
    const folder = join(root, "packages", `p${number}`, "src");
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

const planner = `import { planSource } from ${JSON.stringify(new URL("../packages/builder/src/plan/plan-source.ts", import.meta.url).href)};
const started = performance.now();
const result = await planSource({ root: process.argv[1], dir: "" });
console.log(JSON.stringify({ took: performance.now() - started, ok: result.ok, mb: process.resourceUsage().maxRSS / 1024 }));`;

async function planning(root: string): Promise<Row[]> {
  const took: number[] = [];
  const memory: number[] = [];
  const { stdout: idle } = await run(process.execPath, ["-e", "console.log(process.resourceUsage().maxRSS / 1024)"]);
  for (let round = 0; round < rounds; round += 1) {
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", planner, root]);
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

async function packing(root: string): Promise<Row> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
  for (let round = 0; round < rounds; round += 1) {
    ours.push(
      await timed(() =>
        pipeline(packEntries(walkTree(root), { level: 1, signal: AbortSignal.timeout(60_000) }), nowhere()),
      ),
    );
    theirs.push(
      await timed(async () => {
        const child = spawn("tar", ["-I", "zstd -1", "-cf", "-", "-C", root, "."], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        await pipeline(child.stdout, nowhere());
      }),
    );
  }
  const ratio = median(theirs) / median(ours);
  return {
    what: "artifact packing, speed against tar --zstd",
    figure: `${ratio.toFixed(2)}x`,
    goal: "at least 0.9x",
    met: ratio >= 0.9,
  };
}
