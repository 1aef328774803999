import { execFile, spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "@cloudsmith/testkit";
import type { AgentClient } from "@cloudsmith/agent/src/client.ts";
import { answers, Bundled, settled } from "./bundled.ts";
import { median, seconds, timed, type Bench, type Row } from "./measure.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");
const fixtures = join("packages", "builder", "fixtures", "apps");
const rounds = 3;

interface App {
  readonly name: string;
  readonly folder: string;
  /** The file that changes, and a line that changes what is built. */
  readonly change: readonly [file: string, line: (round: number) => string];
  /** What a person types, one shell line each; the last one starts it. */
  readonly byHand: readonly string[];
}

const script = (round: number): string => `export const round${round} = ${round};\n`;
const npmCi = "npm ci --no-audit --no-fund";

/** What a person would type in the folder of each kind of app. */
const apps: readonly App[] = [
  {
    name: "Node server",
    folder: "examples/guestbook",
    change: ["entries.js", script],
    byHand: [npmCi, "npm start"],
  },
  {
    name: "Vite",
    folder: "examples/vite-spa",
    change: ["src/main.ts", (round) => `console.log(${round});\n`],
    byHand: [npmCi, "npm run build", "npx vite preview --host 127.0.0.1 --port $PORT"],
  },
  {
    name: "Next",
    folder: "examples/next-app",
    change: ["app/ticks.js", script],
    byHand: [npmCi, "npm run build", "npm start"],
  },
  {
    name: "Python",
    folder: join(fixtures, "python-flask"),
    change: ["app.py", (round) => `\nround = ${round}\n`],
    byHand: [
      "python3 -m venv --clear .venv",
      ".venv/bin/pip install --quiet -r requirements.txt gunicorn",
      ".venv/bin/gunicorn --bind 127.0.0.1:$PORT 'app:create_app()'",
    ],
  },
  {
    name: "Go",
    folder: join(fixtures, "go-modules"),
    change: ["cmd/server/main.go", (round) => `\nvar Round${round} = ${round}\n`],
    byHand: ["go mod download", "go build -o server ./cmd/server", "./server"],
  },
  {
    name: "Rust",
    folder: join(fixtures, "rust-workspace"),
    change: ["crates/web/src/main.rs", (round) => `\npub static ROUND_${round}: u32 = ${round};\n`],
    byHand: ["cargo build --release --locked -p web", "target/release/web"],
  },
  {
    name: "Java",
    folder: join(fixtures, "java-maven"),
    change: ["src/main/java/com/example/Server.java", (round) => `\n// ${round}\n`],
    byHand: [
      "mvn -q --batch-mode -DskipTests package dependency:copy-dependencies",
      "java -cp 'target/hello-1.0.jar:target/dependency/*' com.example.Server",
    ],
  },
];

export const redeploy: Bench = {
  name: "Redeploy after one changed file",
  how: `one source file changes; from the request until it is live, against install, build and start by hand in a folder where that was done before, with the person's own caches; median of ${rounds} pairs in turn, after one that does not count`,
  run: async () => {
    await using installation = new Bundled();
    await installation.startAgent();
    const client = await installation.client();
    const rows: Row[] = [];
    for (const app of apps) rows.push(await compare(app, client));
    return rows;
  },
};

async function compare(app: App, client: AgentClient): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), "cloudsmith-bench-"));
  try {
    const [hand, ours] = [join(folder, "hand"), join(folder, "ours")];
    const filter = (file: string): boolean => !/[\\/](node_modules|\.next|dist|target)$/.test(file);
    for (const copy of [hand, ours])
      cpSync(join(root, app.folder), copy, {
        recursive: true,
        filter: (file) => filter(file) || file.includes("static"),
      });
    const name = app.name.toLowerCase().replace(" ", "-");
    await client.projects.ensure({ source: { type: "folder", path: ours, dir: "" }, name });
    const deploy = async (): Promise<unknown> => settled(client, await client.deployments.create({ project: name }));
    const times: { hand: number; ours: number }[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const [file, line] = app.change;
      for (const copy of [hand, ours]) appendFileSync(join(copy, file), line(round));
      times.push({ hand: await byHand(app, hand), ours: await timed(deploy) });
    }
    const counted = times.slice(1);
    const [mine, theirs] = [median(counted.map((each) => each.ours)), median(counted.map((each) => each.hand))];
    return {
      what: `${app.name}: CloudSmith ${seconds(mine)}, by hand ${seconds(theirs)}`,
      figure: `${(mine / theirs).toFixed(2)}x`,
      goal: "at most 0.5x",
      met: mine <= theirs * 0.5,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function byHand(app: App, cwd: string): Promise<number> {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), HOST: "127.0.0.1", NEXT_TELEMETRY_DISABLED: "1" };
  const steps = app.byHand.slice(0, -1);
  const start = app.byHand.at(-1) ?? "";
  let child: ReturnType<typeof spawn> | undefined;
  const took = await timed(async () => {
    for (const step of steps) await run("sh", ["-c", step], { cwd, env, maxBuffer: 64 * 1024 * 1024 });
    child = spawn("sh", ["-c", `exec ${start}`], { cwd, env, stdio: "ignore", detached: true });
    while (!(await answers(`http://127.0.0.1:${port}/`))) {
      if (child.exitCode !== null) throw new Error(`${app.name}: ${start} ended with ${child.exitCode}`);
      await wait(10);
    }
  });
  if (child?.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  return took;
}
