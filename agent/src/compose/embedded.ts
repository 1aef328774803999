import { Credentials, ensureLocalTeam, GitHubSignIn, localTeam } from "@cloudsmith/authspire";
import { openFileBlobs } from "@cloudsmith/blobs";
import { endOrphanedWork, markWork, sweepBuilds } from "@cloudsmith/builder";
import { localRunner, startBuildrelay } from "@cloudsmith/buildrelay";
import { jobQueues, type GitHubServer } from "@cloudsmith/contracts";
import { releaseLeases } from "@cloudsmith/deployments";
import { connectKeeper, LocalTarget, startDocksage } from "@cloudsmith/docksage";
import { openEmbeddedBus, startRelay } from "@cloudsmith/events";
import { GitHubAccess, gitHubDotCom, RepositoryLists, type CallLimits } from "@cloudsmith/github";
import { openFileLogs } from "@cloudsmith/logs";
import { keyFile, openFileSecrets } from "@cloudsmith/secrets";
import { openSqliteStore } from "@cloudsmith/store";
import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { availableParallelism, homedir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { checkHealth } from "../operate/check-health.ts";
import { Collector } from "../operate/retention/collector.ts";
import { makeSupportBundle } from "../operate/support-bundle.ts";
import type { Paths } from "../paths.ts";
import type { AgentServices, GitHubServices } from "../services.ts";
import { keeperCommand } from "./keeper-command.ts";
import { keeperTelemetry } from "./keeper-telemetry.ts";

export interface EmbeddedOptions {
  readonly paths: Paths;
  readonly info: AgentServices["info"];
  readonly onError: (error: unknown) => void;
  readonly onShutdown: (apps: "keep" | "stop") => void;
  readonly renewInstallToken: AgentServices["renewInstallToken"];
  /** Builds at once; default: half of the cores. */
  readonly builds?: number;
  readonly proxyPort?: number;
  /** Where a person chooses folders from; default: their home. */
  readonly homeFolder?: string;
  /** The GitHub of new accounts; default: github.com. */
  readonly github?: GitHubServer;
  readonly gitHubLimits?: CallLimits;
  /** The argv that starts a keeper; tests guard theirs. */
  readonly keeper?: readonly string[];
}

/** What work under way gets to let go before the agent ends without it; the next agent takes it up as after a crash. In seconds. */
const stopSeconds = 5;

/** Beside the bundled agent, or the checkout's examples. */
function samplesFolder(): string {
  const isSource = import.meta.url.endsWith(".ts");
  return fileURLToPath(new URL(isSource ? "../../../examples" : "./samples", import.meta.url));
}

async function atMost(seconds: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, wait(seconds * 1000, undefined, { signal: done.signal }).catch(() => undefined)]);
  done.abort();
}

/** Everything in one process, on files below one folder: the mode of a laptop. The caller holds the installation's lock. */
export async function startEmbedded(
  options: EmbeddedOptions,
): Promise<{ services: AgentServices; stop(apps: "keep" | "stop"): Promise<void> }> {
  const { paths, onError } = options;
  const now = (): Date => new Date();
  const stopping = new AbortController();
  const { signal } = stopping;
  const planDir = join(paths.work, "plans");
  // Of plans that a killed agent was making.
  await rm(planDir, { recursive: true, force: true });
  await mkdir(planDir, { recursive: true, mode: 0o700 });

  const store = openSqliteStore({ file: paths.database });
  const bus = openEmbeddedBus({ file: paths.events, onError });
  const blobs = openFileBlobs({ dir: paths.blobs });
  const logs = openFileLogs({ dir: paths.logs });
  const secrets = openFileSecrets({ dir: paths.secrets, keyProvider: keyFile(paths.key) });
  const credentials = new Credentials(store, now);
  await ensureLocalTeam(store, userInfo().username, now());

  // The keeper outlives this process: it must not be taken for a piece of its work.
  const keeperEnvironment = { ...process.env };
  markWork(paths.home);
  // This process holds the installation's lock: whoever held a lease before is dead, and what it had started is nobody's.
  await endOrphanedWork(paths.home);
  for (const queue of jobQueues) await releaseLeases(store, queue, () => true);

  const buildDir = join(paths.work, "builds");
  const target = new LocalTarget({
    store,
    secrets,
    blobs,
    dir: paths.apps,
    cacheDir: paths.cache,
    signal,
    onError,
    connectKeeper: (limit) =>
      connectKeeper({
        dataDir: paths.home,
        command: options.keeper ?? keeperCommand(),
        env: keeperEnvironment,
        signal: limit,
        ...(options.proxyPort !== undefined && { proxyPort: options.proxyPort }),
      }),
  });
  const github = gitHubServices({ store, secrets, now }, options, signal);
  const owner = `agent-${process.pid}-${randomUUID()}`;
  const common = { store, bus, blobs, logs, secrets, now, owner, signal, onError };
  const buildrelay = await startBuildrelay({
    ...common,
    runner: localRunner({ blobs, workDir: buildDir, cacheDir: paths.cache }),
    github: github.access,
    workDir: join(paths.work, "sources"),
    cacheDir: paths.cache,
    builds: options.builds ?? Math.max(1, Math.floor(availableParallelism() / 2)),
  });
  const docksage = await startDocksage({ ...common, target });
  const relay = startRelay({ outbox: store.outbox, bus, signal, onError });
  const collector = new Collector({
    paths,
    store,
    blobs,
    logs,
    secrets,
    teams: [localTeam.teamId],
    prune: async (retention) => {
      await store.prune();
      await bus.prune(retention);
      await Promise.all([blobs.sweep(), secrets.sweep()]);
    },
    programs: () => target.programs(),
    now,
    signal,
    onError,
  });
  const collecting = sweepBuilds(buildDir)
    .then(() => collector.loop())
    .catch(onError);

  const telemetry = keeperTelemetry(target);
  const services: AgentServices = {
    store,
    bus,
    blobs,
    logs,
    secrets,
    credentials,
    github,
    telemetry,
    planDir,
    cacheDir: paths.cache,
    samples: { from: samplesFolder(), to: join(paths.home, "samples") },
    homeFolder: options.homeFolder ?? homedir(),
    now,
    info: options.info,
    doctor: () => checkHealth({ paths, store, bus, secrets, target }),
    clean: () => collector.run("everything"),
    supportBundle: (teamId) => makeSupportBundle({ paths, services, teamId }),
    renewInstallToken: options.renewInstallToken,
    shutdown: options.onShutdown,
  };
  return {
    services,
    async stop(apps) {
      // The link to the keeper ends first: it would start a keeper that is gone again.
      // One that is being started is waited for: it would stay behind.
      const keeper = apps === "stop" ? await target.keeper().catch(() => undefined) : undefined;
      stopping.abort();
      const ended = Promise.allSettled([buildrelay.stopped, docksage.stopped, relay, target.stopped(), collecting]);
      await atMost(stopSeconds, ended);
      await keeper?.shutdown();
      await atMost(1, bus.close());
      await store.close();
    },
  };
}

function gitHubServices(
  base: Pick<AgentServices, "store" | "secrets" | "now">,
  { github: server = gitHubDotCom, gitHubLimits: limits }: EmbeddedOptions,
  signal: AbortSignal,
): GitHubServices {
  const context = { ...base, server, limits };
  const access = new GitHubAccess(context);
  const lists = new RepositoryLists(access, { now: base.now, signal });
  return { context, access, lists, signIn: new GitHubSignIn({ ...context, lists }) };
}
