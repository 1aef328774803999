// Deploys the apps of repositories.json one after another, each from a clone on this machine, by the command line of an agent of its own:
//   npm run field -- --mirrors <folder with owner/name.git> [--only <owner/name[/folder]>] [--set trial|hold-out] [--missing] [--under <command>]
// and writes what became of each to results.json and field-trial.md. `--under` is a command that takes each deployment as its arguments (a lock, nice).
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Deployment } from "@cloudsmith/contracts";
import * as z from "zod";
import { statusOf } from "./status-of.ts";
import { writePage } from "./trial-page.ts";
import { keyOf, readLabels, readResults, resultsFile, verdictOf, type Label, type Outcome } from "./trial.ts";

const { values: options } = parseArgs({
  options: {
    mirrors: { type: "string" },
    only: { type: "string", multiple: true },
    set: { type: "string" },
    missing: { type: "boolean", default: false },
    under: { type: "string" },
    home: { type: "string" },
    seconds: { type: "string", default: "360" },
  },
});
if (options.mirrors === undefined) throw new Error("Name the folder of the clones: --mirrors <folder>");
const mirrors = resolve(options.mirrors);
const home = resolve(options.home ?? mkdtempSync(join(tmpdir(), "cloudsmith-field-")));
const raw = join(home, "field");
const main = join(import.meta.dirname, "..", "..", "..", "agent", "src", "cli", "main.ts");
const mostSeconds = Number(options.seconds);
const git = (...args: string[]): string =>
  execFileSync("git", ["-C", import.meta.dirname, ...args], { encoding: "utf8" }).trim();
const by = git("rev-parse", "--short=10", "HEAD:packages/builder/src");
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const Result = z.object({
  type: z.literal("result"),
  deployment: Deployment,
  environment: z.object({ url: z.string().nullable() }),
});

interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly late: boolean;
}

/** Runs the command line; it is stopped after its time. */
async function command(args: readonly string[], seconds: number, under: readonly string[] = []): Promise<Finished> {
  const argv = [...under, process.execPath, "--disable-warning=ExperimentalWarning", main, ...args];
  const child = spawn(argv[0] ?? "", argv.slice(1), {
    env: { ...process.env, CLOUDSMITH_HOME: home, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let late = false;
  let timer: NodeJS.Timeout | undefined;
  // Its time begins with its first word: what it runs under may let it wait.
  child.stdout.once("data", () => {
    timer = setTimeout(() => {
      late = true;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, seconds * 1000);
  });
  const ended = new Promise<number | null>((settle, fail) => child.on("error", fail).on("exit", settle));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  clearTimeout(timer);
  return { stdout, stderr, code, late };
}

async function deploy(label: Label, name: string): Promise<Outcome> {
  const started = Date.now();
  const url = pathToFileURL(cloneOf(label)).href;
  const args = ["deploy", url, "--json", "--name", name, ...(label.dir === "" ? [] : ["--dir", label.dir])];
  const { stdout, stderr, late } = await command(args, mostSeconds, options.under?.split(" "));
  const seconds = Math.round((Date.now() - started) / 1000);
  writeFileSync(join(raw, `${name}.jsonl`), `${stdout}${stderr}`);
  const none = { status: null, code: null, seconds, by };
  if (late) {
    await command(["cancel", name], 60);
    return { ...none, state: "timeout", message: `Stopped after ${mostSeconds} s` };
  }
  const result = Result.safeParse(json(stdout.trimEnd().split("\n").at(-1)));
  if (!result.success) return { ...none, state: "error", message: `${stderr}${stdout}`.slice(-300) };
  const { deployment, environment } = result.data;
  if (deployment.state !== "live" && deployment.state !== "failed" && deployment.state !== "canceled")
    return { ...none, state: "error", message: deployment.state };
  const planned = new Set(deployment.plan?.warnings.map(({ code }) => code));
  // What the plan warns of is known before; what is told of an app that is live and answers badly comes with its release.
  const told = deployment.failure ?? deployment.warnings.find(({ code }) => !planned.has(code));
  return {
    state: deployment.state,
    status: environment.url === null ? null : await statusOf(environment.url),
    code: told?.code ?? null,
    message: told?.message ?? null,
    seconds,
    by,
  };
}

/** The clone, at the commit of the label or at one on top of it that leaves out files too large to bring. */
function cloneOf({ repository, commit }: Label): string {
  const clone = join(mirrors, `${repository}.git`);
  const newest = execFileSync("git", ["-C", clone, "rev-list", "--max-count=1", "--parents", "HEAD"], {
    encoding: "utf8",
  });
  if (!newest.trim().split(" ").slice(0, 2).includes(commit)) throw new Error(`${clone} is not at ${commit}`);
  return clone;
}

function json(line = ""): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function keep(label: Label, now: Outcome): void {
  const results = existsSync(resultsFile) ? readResults() : [];
  const before = results.find((result) => keyOf(result) === keyOf(label));
  const { repository, dir } = label;
  const kept = results.filter((result) => result !== before);
  kept.push({ repository, dir, first: before?.first ?? now, now });
  const sorted = kept.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)));
  writeFileSync(resultsFile, `${JSON.stringify(sorted, null, 2)}\n`);
}

function chosen(): Label[] {
  const done = new Set(options.missing && existsSync(resultsFile) ? readResults().map(keyOf) : []);
  const labels = readLabels().filter(
    (label) =>
      (options.set === undefined || label.set === options.set) &&
      (options.only === undefined || options.only.includes(keyOf(label))) &&
      !done.has(keyOf(label)),
  );
  const { only } = options;
  return only === undefined
    ? labels
    : labels.toSorted((one, other) => only.indexOf(keyOf(one)) - only.indexOf(keyOf(other)));
}

mkdirSync(raw, { recursive: true });
// On a machine that is busy with other work the first try may give up too soon.
let agent = await command(["agent", "start"], 120);
for (let tries = 0; agent.code !== 0 && tries < 3; tries++) agent = await command(["agent", "start"], 120);
if (agent.code !== 0) throw new Error(`The agent does not start:\n${agent.stderr}${agent.stdout}`);
try {
  for (const label of chosen()) {
    const name = keyOf(label)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .slice(-40)
      .replace(/^-/, "");
    const outcome = await deploy(label, name);
    await command(["destroy", name, "--yes"], 120);
    if (outcome.state !== "error") keep(label, outcome);
    const { state, status, code, message, seconds } = outcome;
    say(
      `${verdictOf(label, outcome).padEnd(9)} ${keyOf(label)} ${seconds} s: ${[state, status, code, message].join(" | ")}`,
    );
  }
} finally {
  await command(["agent", "stop", "--apps"], 120);
}
writePage();
