// npm run bench [-- name…] [--write]: runs the benchmarks in turn and prints a table; --write puts it into docs/benchmarks.md.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { again } from "./again.ts";
import { agent } from "./agent.ts";
import { build } from "./build.ts";
import { makeBundle } from "./bundled.ts";
import { desktop } from "./desktop.ts";
import { firstDeploy } from "./first-deploy.ts";
import { keeper } from "./keeper.ts";
import { launchboard } from "./launchboard.ts";
import { logViewer } from "./log-viewer.ts";
import { scale } from "./scale.ts";
import type { Bench, Row } from "./measure.ts";

const benches: Readonly<Record<string, Bench>> = {
  agent,
  again,
  build,
  keeper,
  scale,
  launchboard,
  "first-deploy": firstDeploy,
  "log-viewer": logViewer,
  desktop,
};

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith("--"));
const chosen = Object.entries(benches).filter(([name]) => named.length === 0 || named.includes(name));
makeBundle();
const sections: string[] = [];
for (const [, bench] of chosen) {
  console.log(`\n${bench.name}: ${bench.how}`);
  const rows = await bench.run();
  for (const row of rows)
    console.log(`  ${row.met ? "ok  " : "MISS"} ${row.what.padEnd(60)} ${row.figure.padStart(8)}   ${row.goal}`);
  sections.push(section(bench, rows));
}
if (args.includes("--write"))
  writeFileSync(join(import.meta.dirname, "..", "docs", "benchmarks.md"), document(sections));

function section(bench: Bench, rows: readonly Row[]): string {
  const lines = rows.map((row) => `| ${row.what} | ${row.figure} | ${row.goal} | ${row.met ? "met" : "**missed**"} |`);
  return `## ${bench.name}\n\n${bench.how}.\n\n| what | figure | goal | |\n| --- | --- | --- | --- |\n${lines.join("\n")}\n`;
}

function document(all: readonly string[]): string {
  const machine = `${cpus().length} cores, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`;
  return `# Benchmarks\n\nMade by \`npm run bench -- --write\` on a shared, noisy machine (${machine}); what is measured is the bundle that is published.\n\n${all.join("\n")}`;
}
