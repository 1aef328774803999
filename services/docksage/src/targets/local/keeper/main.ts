import "./small-heap.ts";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createMasker, openFileLogs } from "@cloudsmith/logs";
import { ensureKeeperFolder, keeperName, keeperSocket } from "../keeper-address.ts";
import { startControlServer } from "./control-server.ts";
import { Keeper } from "./keeper.ts";
import { lockFolder } from "./lock.ts";
import { MetricsStore } from "./metrics/metrics-store.ts";
import { Sampler } from "./metrics/sampler.ts";
import { startTimeOf } from "./processes/process-table.ts";

/** Exit code (EX_TEMPFAIL of sysexits.h) that says: another keeper serves this data folder already. */
const alreadyRunning = 75;

const { values } = parseArgs({ options: { data: { type: "string" }, port: { type: "string" } } });
if (values.data === undefined) {
  process.stderr.write("usage: keeper --data DIR [--port N]\n");
  process.exit(2);
}
// The apps' lives hang on this process: a defect in one request or one release must not end the others.
process.on("uncaughtException", (error) => note(error));
process.on("unhandledRejection", (error) => note(error));
process.stderr.on("error", () => undefined);
await run(values.data, values.port === undefined ? null : Number(values.port));

async function run(dataDir: string, proxyPort: number | null): Promise<void> {
  const folder = ensureKeeperFolder(dataDir);
  const lock = lockFolder(folder);
  if (lock === null) process.exit(alreadyRunning);
  const logs = openFileLogs({ dir: join(dataDir, "logs") });
  const keeper = new Keeper({
    folder,
    name: keeperName(dataDir),
    proxyPort,
    openLog: ({ teamId, id, secrets }) => logs.writer({ teamId, id: `release/${id}` }, { mask: createMasker(secrets) }),
  });
  await keeper.start();
  const metrics = new MetricsStore(folder);
  const sampler = new Sampler(metrics, keeper);
  sampler.start();
  const socket = keeperSocket(dataDir);
  let ending: Promise<void> | null = null;
  const shutdown = () => {
    ending ??= (async () => {
      sampler.stop();
      await keeper.shutdown();
      metrics.close();
      if (process.platform !== "win32") rmSync(socket, { force: true });
      lock[Symbol.dispose]();
      // After the answer to whoever asked for it is out.
      setImmediate(() => process.exit(0));
    })();
    return ending;
  };
  await startControlServer({ socket, keeper, metrics: (query) => sampler.query(query), onShutdown: shutdown });
  writeFileSync(
    join(folder, "keeper.pid"),
    JSON.stringify({ pid: process.pid, startedAt: await startTimeOf(process.pid) }),
    { mode: 0o600 },
  );
  process.on("SIGTERM", () => void shutdown());
  process.on("SIGINT", () => void shutdown());
}

function note(error: unknown): void {
  process.stderr.write(`${new Date().toISOString()} ${error instanceof Error ? error.stack : String(error)}\n`);
}
