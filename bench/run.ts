// npm run bench [-- name…] [--write]: runs the benchmarks in turn and prints a table; --write puts it into docs/benchmarks.md.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { again } from "./again.ts";
import { agent } from "./agent.ts";
import { build } from "./build.ts";
import { makeBundle } from "./bundled.ts";
import { desktop } from "./desktop.ts";
import { document, section } from "./document.ts";
import { firstDeploy } from "./first-deploy.ts";
import { keeper } from "./keeper.ts";
import { launchboard } from "./launchboard.ts";
import { logViewer } from "./log-viewer.ts";
import { picker } from "./picker.ts";
import { redeploy } from "./redeploy.ts";
import { scale } from "./scale.ts";
import type { Bench } from "./measure.ts";

const benches: Readonly<Record<string, Bench>> = {
  agent,
  again,
  build,
  keeper,
  scale,
  launchboard,
  "first-deploy": firstDeploy,
  redeploy,
  "log-viewer": logViewer,
  picker,
  desktop,
};

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith("--"));
const chosen = Object.entries(benches).filter(([name]) => named.length === 0 || named.includes(name));
makeBundle();
const machine = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, Node ${process.versions.node}`;
const sections = new Map<string, string>();
for (const [, bench] of chosen) {
  console.log(`\n${bench.name}: ${bench.how}`);
  const rows = await bench.run();
  for (const row of rows)
    console.log(`  ${row.met ? "ok  " : "MISS"} ${row.what.padEnd(60)} ${row.figure.padStart(8)}   ${row.goal}`);
  sections.set(bench.name, section(bench, rows, machine));
}
if (args.includes("--write")) {
  const page = join(import.meta.dirname, "..", "docs", "benchmarks.md");
  const order = Object.values(benches).map(({ name }) => name);
  writeFileSync(page, document(readFileSync(page, "utf8"), sections, order));
}
