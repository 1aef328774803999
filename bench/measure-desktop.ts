// Runs inside of a desktop session (see bench/desktop.ts) and prints what it measured as one line of JSON.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Desktop } from "../desktop/e2e/native/desktop.ts";
import { chattyApp, deploy, settled } from "../desktop/e2e/native/apps.ts";
import { proportionalMb } from "./measure.ts";

const rounds = 5;
const idleMs = 8000;
const windows = 20;
const linesPerSecond = 500;
const followMs = 10_000;
const desktop = join(import.meta.dirname, "..", "desktop");
const electron = process.env["CLOUDSMITH_ELECTRON_22"] ?? "";
const apps = {
  ours: join(desktop, "dist", "electron-22"),
  empty: join(import.meta.dirname, "desktop", "empty-app"),
} as const;

/** Starts an app, waits until its window can be used, and leaves it alone for a while if its memory is wanted. */
async function start(
  app: keyof typeof apps,
  environment: NodeJS.ProcessEnv,
  idle: boolean,
): Promise<{ ms: number; mb: number }> {
  const hooks = [
    "-r",
    join(desktop, "e2e", "electron-22", "compat.cjs"),
    "-r",
    join(import.meta.dirname, "desktop", "usable.cjs"),
  ];
  const begin = performance.now();
  const child = spawn(electron, ["--no-sandbox", "--password-store=basic", ...hooks, apps[app]], {
    env: environment,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  const page = await new Promise<number>((resolve, reject) => {
    child.on("exit", () => reject(new Error(`${app} ended before its window was there`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const pid = /usable (\d+)/.exec(said)?.[1];
      if (pid !== undefined) resolve(Number(pid));
    });
  });
  const ms = performance.now() - begin;
  if (idle) await wait(idleMs);
  const mb = idle ? (await proportionalMb(child.pid ?? 0)) + (await proportionalMb(page)) : 0;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.removeAllListeners("exit").once("exit", () => undefined);
  const gone = Promise.race([ended, new Promise((resolve) => child.once("close", resolve))]);
  child.kill("SIGKILL");
  await gone;
  return { ms, mb };
}

/** Share of a core that a process used over a time. */
async function cpuShare(pid: number, overMs: number): Promise<number> {
  const ticks = (): number => {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[11]) + Number(fields[12]);
  };
  const before = ticks();
  const begin = performance.now();
  await wait(overMs);
  // A tick is a hundredth of a second on every Linux that runs this.
  return ((ticks() - before) * 10) / (performance.now() - begin);
}

async function follow(): Promise<{ share: number; lines: number }> {
  await using installation = new Desktop();
  await installation.start();
  const main = await installation.main();
  const client = await installation.client();
  const deployment = await settled(
    client,
    await deploy(client, chattyApp(installation.root, "chatty", linesPerSecond)),
  );
  const ids = Array.from(
    { length: windows },
    (_, index) => `dep_01k0abcdefghjkmnpqrstvwx${String(index).padStart(2, "0")}`,
  );
  for (const id of ids)
    await main.evaluate((each) => Reflect.get(globalThis, "cloudsmith").openDeploymentWindow(each), id);
  for (const id of ids) {
    const page = await installation.window(id);
    await page.evaluate((project) => {
      const seen = { bytes: 0, lines: 0 };
      Object.assign(globalThis, { seen });
      const subscriptions = [{ type: "run-log", key: "log", project, last: 0 }];
      void fetch("/api/live", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ subscriptions }),
      }).then(async ({ body }) => {
        const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
        for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
          seen.lines += part.value.split('"text":').length - 1;
      });
    }, deployment.projectId);
  }
  await wait(3000);
  const count = async (): Promise<number[]> =>
    Promise.all(
      ids.map(async (id) =>
        (await installation.window(id)).evaluate(() => Number(Reflect.get(globalThis, "seen").lines)),
      ),
    );
  const before = await count();
  const share = await cpuShare(installation.app.process().pid ?? 0, followMs);
  const after = await count();
  const perWindow = after.map((lines, index) => (lines - (before[index] ?? 0)) / (followMs / 1000));
  return { share, lines: Math.min(...perWindow) };
}

const root = mkdtempSync(join(tmpdir(), "cloudsmith-bench-desktop-"));
const environment = { ...process.env, CLOUDSMITH_HOME: join(root, "home"), XDG_CONFIG_HOME: join(root, "config") };
const result: Record<string, number[]> = { ours: [], empty: [], oursMb: [], emptyMb: [] };
{
  // The agent of a person who uses the app runs already; starting it is measured by the benchmark of the agent.
  await using installation = new Desktop();
  await installation.start();
  await installation.agent();
  Object.assign(environment, { CLOUDSMITH_HOME: installation.home, XDG_CONFIG_HOME: installation.config });
  await installation.quit();
  writeFileSync(
    installation.file("settings.json"),
    JSON.stringify({ withoutKeyStore: "plain-file", toldOfTray: true }),
  );
  for (let round = 0; round < rounds + 1; round++)
    for (const app of ["empty", "ours"] as const) {
      const { ms, mb } = await start(app, environment, round === rounds);
      if (round === rounds) result[`${app}Mb`]?.push(mb);
      else result[app]?.push(ms);
    }
}
rmSync(root, { recursive: true, force: true });
process.stdout.write(`\nmeasured ${JSON.stringify({ ...result, ...(await follow()) })}\n`);
