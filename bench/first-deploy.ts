import { execFile, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "@cloudsmith/testkit";
import { answering, answers, Bundled, settled } from "./bundled.ts";
import { median, seconds, timed, type Bench, type Row } from "./measure.ts";

const run = promisify(execFile);
const examples = join(import.meta.dirname, "..", "examples");
const rounds = 3;

/** What a person would type, for each example. */
const apps = [
  { name: "guestbook", build: undefined, start: ["npm", "start"] },
  { name: "next-app", build: ["npm", "run", "build"], start: ["npm", "start"] },
] as const;

export const firstDeploy: Bench = {
  name: "First deploy",
  how: `from a Git repository to the first 200, against clone, npm ci, build and start by hand; ${rounds} pairs in turn, both with empty download caches; the agent runs`,
  run: async () => {
    const rows: Row[] = [];
    for (const app of apps) {
      const hand: number[] = [];
      const ours: number[] = [];
      for (let round = 0; round < rounds; round++) {
        using folder = temporary();
        const url = await repository(app.name, folder.path);
        hand.push(await byHand(app, url, folder.path));
        ours.push(await byCloudSmith(app.name, url));
      }
      const [mine, theirs] = [median(ours), median(hand)];
      rows.push({
        what: `${app.name}: CloudSmith ${seconds(mine)}, by hand ${seconds(theirs)}`,
        figure: `${(mine / theirs).toFixed(2)}x`,
        goal: "at most 1.1x + 1 s",
        met: mine <= theirs * 1.1 + 1000,
      });
    }
    return rows;
  },
};

function temporary(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "cloudsmith-bench-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

async function repository(name: string, folder: string): Promise<string> {
  const path = join(folder, name);
  cpSync(join(examples, name), path, { recursive: true, filter: (file) => !/node_modules|\.next/.test(file) });
  const git = (...args: string[]): Promise<unknown> =>
    run("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.org", ...args], { cwd: path });
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "App");
  return `file://${path}`;
}

async function byHand(app: (typeof apps)[number], url: string, folder: string): Promise<number> {
  const port = await freePort();
  const env = {
    ...process.env,
    PORT: String(port),
    npm_config_cache: join(folder, "npm"),
    HOST: "127.0.0.1",
    NEXT_TELEMETRY_DISABLED: "1",
  };
  const cwd = join(folder, "clone");
  const step = ([command = "", ...args]: readonly string[]): Promise<unknown> =>
    run(command, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
  let child: ReturnType<typeof spawn> | undefined;
  const took = await timed(async () => {
    await run("git", ["clone", "--quiet", "--depth", "1", url, cwd]);
    await step(["npm", "ci", "--no-audit", "--no-fund"]);
    if (app.build !== undefined) await step(app.build);
    const [command, ...args] = app.start;
    child = spawn(command, args, { cwd, env, stdio: "ignore", detached: true });
    while (!(await answers(`http://127.0.0.1:${port}/`))) await wait(10);
  });
  if (child?.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  return took;
}

async function byCloudSmith(name: string, url: string): Promise<number> {
  await using installation = new Bundled();
  await installation.startAgent();
  const client = await installation.client();
  return await timed(async () => {
    const { project } = await client.projects.ensure({ source: { type: "git", url, ref: null, dir: "" }, name });
    await settled(client, await client.deployments.create({ project: project.project.name }));
    await answering(client, project.project.name);
  });
}
