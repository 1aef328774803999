// Compares build plans on the apps of repositories.json whose label says what a right plan does, and writes comparison.json and docs/comparison.md:
//   node packages/builder/field/compare.ts --mirrors <folder with owner/name.git> --tools <folder whose node_modules has the two detectors> --nixpacks <binary>
// With --ours only our plans are made anew; the others' are those of the last time, and all are judged again.
// Each app is checked out into a temporary folder, outside this project, since some detectors look at parent folders.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { comparisonFile, readCompared, writeComparison, type Compared } from "./comparison-page.ts";
import { judge, rightOf } from "./judge.ts";
import { netlifyPlan, nixpacksPlan, ourPlan, vercelPlan } from "./rival-plans.ts";
import { keyOf, readLabels } from "./trial.ts";

const { values: options } = parseArgs({
  options: {
    mirrors: { type: "string" },
    tools: { type: "string" },
    nixpacks: { type: "string" },
    ours: { type: "boolean", default: false },
  },
});
const { mirrors = "", tools = "", nixpacks = "" } = options;
const work = mkdtempSync(join(tmpdir(), "cloudsmith-compare-"));

const before = new Map(options.ours ? readCompared().map((row) => [row.app, row.plans]) : []);
const rows: Compared[] = [];
try {
  for (const label of readLabels()) {
    if (label.serves === undefined) continue;
    const root = join(work, keyOf(label).replaceAll("/", "-"));
    checkOut(resolve(mirrors, `${label.repository}.git`), root);
    const app = join(root, label.dir);
    const ours = await ourPlan(root, label.dir);
    const known = before.get(keyOf(label));
    const plans = {
      ours,
      nixpacks: known?.nixpacks ?? nixpacksPlan(nixpacks, app),
      vercel: known?.vercel ?? vercelPlan(tools, app),
      netlify: known?.netlify ?? netlifyPlan(tools, root, app),
    };
    const right = rightOf(label.serves);
    const verdicts = {
      ours: judge(app, right, ours, "ours"),
      nixpacks: judge(app, right, plans.nixpacks, "nixpacks"),
      vercel: judge(app, right, plans.vercel, "vercel"),
      netlify: judge(app, right, plans.netlify, "netlify"),
    };
    rows.push({ app: keyOf(label), serves: label.serves, plans, verdicts });
    process.stdout.write(`${keyOf(label)}\n`);
    rmSync(root, { recursive: true, force: true });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
writeFileSync(comparisonFile, `${JSON.stringify(rows, null, 1)}\n`);
writeComparison();

function checkOut(clone: string, to: string): void {
  mkdirSync(to);
  const archive = execFileSync("git", ["-C", clone, "archive", "HEAD"], { maxBuffer: 1 << 30 });
  execFileSync("tar", ["-x", "-C", to], { input: archive });
}
