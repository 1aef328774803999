import { EnvironmentId, ProjectId, ReleaseId, TeamId } from "@cloudsmith/contracts";
import * as z from "zod";

/** What the agent asks of the keeper, and what the keeper answers; JSON over a local socket. */

const Port = z.number().int().min(1).max(65535);

export const KeeperRun = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("process"),
    argv: z.array(z.string()).min(1),
    cwd: z.string(),
    /** The whole environment except PORT, HOME and TMPDIR, which the keeper sets. */
    env: z.record(z.string(), z.string()),
    /** Port that the app is expected on when it ignores PORT. */
    portHint: Port.nullable(),
  }),
  z.object({
    type: z.literal("static"),
    dir: z.string(),
    /** Unknown paths answer `index.html`. */
    spa: z.boolean(),
    /** Folders below `dir` whose file names carry a hash. */
    immutable: z.array(z.string()),
  }),
]);
export type KeeperRun = z.infer<typeof KeeperRun>;

export const PersistentFolder = z.object({
  /** Absolute path inside the release's folder that becomes a symbolic link. */
  link: z.string(),
  /** Absolute folder that survives redeploys. */
  dir: z.string(),
});
export type PersistentFolder = z.infer<typeof PersistentFolder>;

export const KeeperRelease = z.object({
  id: ReleaseId,
  teamId: TeamId,
  projectId: ProjectId,
  environmentId: EnvironmentId,
  desired: z.enum(["running", "stopped"]),
  run: KeeperRun,
  /** HOME of the app; created when absent. */
  homeDir: z.string(),
  /** TMPDIR of the app; created when absent, emptied when the app stops. */
  tempDir: z.string(),
  health: z.object({ path: z.string().startsWith("/"), startSeconds: z.number().positive() }),
  limits: z.object({ memoryMb: z.number().positive().nullable() }),
  /** Values masked in the app's log; never stored. */
  secrets: z.array(z.string()),
  persist: PersistentFolder.optional(),
  /** The app insists on one port: other running releases of the environment are stopped before this one starts. */
  exclusive: z.boolean().optional(),
});
export type KeeperRelease = z.infer<typeof KeeperRelease>;

export const hostLabelPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const KeeperRoute = z.object({
  environmentId: EnvironmentId,
  /** Label of the shared port: `shop` for `shop.localhost`. */
  host: z.string().regex(hostLabelPattern),
  /** The release that answers; null: a page says why nothing runs. */
  releaseId: z.string().nullable(),
  /** The environment's own port on the loopback addresses; null: the keeper picks one and keeps it. */
  plainPort: Port.nullable(),
  state: z.enum(["live", "stopped", "deploying"]),
});
export type KeeperRoute = z.infer<typeof KeeperRoute>;

/** Everything that shall run and be reachable. What it does not name is stopped. */
export const KeeperDesired = z.object({
  /** Grows with every change; an older one is refused. */
  generation: z.number().int().nonnegative(),
  releases: z.array(KeeperRelease),
  routes: z.array(KeeperRoute),
  /** Releases that go on as they are where they run: what they need could not be read just now. */
  keep: z.array(ReleaseId).optional(),
});
export type KeeperDesired = z.infer<typeof KeeperDesired>;

/** Why a release is not healthy. */
export const releaseReasons = [
  "exited",
  "start-command-not-found",
  "folder-missing",
  "port-taken",
  "port-not-bound",
  "health-timeout",
  "out-of-memory",
  "stopped-for-successor",
  "start-failed",
] as const;
export type ReleaseReason = (typeof releaseReasons)[number];

export const Listener = z.object({ host: z.string(), port: Port });
export type Listener = z.infer<typeof Listener>;

export const ObservedRelease = z.object({
  id: z.string(),
  state: z.enum(["starting", "healthy", "crashing", "stopped"]),
  /** The port the app answers on; null until found and for static sites. */
  port: Port.nullable(),
  /** The Host header that requests are given where the app refuses its own name and allows this one. */
  allowedHost: z.string().nullable().default(null),
  pid: z.number().int().nullable(),
  restarts: z.number().int().nonnegative(),
  /** When it entered its state. */
  since: z.string(),
  health: z.object({
    bound: z.boolean(),
    /** Last HTTP status on the health path. */
    status: z.number().int().nullable(),
    at: z.string().nullable(),
  }),
  /** What its processes listen on. */
  listening: z.array(Listener),
  exit: z.object({ code: z.number().int().nullable(), signal: z.string().nullable() }).nullable(),
  /** Up to 30 last lines of its log, after a crash. */
  lastLines: z.array(z.string()),
  memoryMb: z.number().nullable(),
  cpuPercent: z.number().nullable(),
  reason: z.enum(releaseReasons).nullable(),
  /** With `port-taken`: the port, and the release of this keeper that holds it, if one does. */
  portTaken: z.object({ port: Port.nullable(), holder: z.string().nullable() }).nullable(),
  /** Until when requests are still finished before the release stops. */
  drainingUntil: z.string().nullable(),
});
export type ObservedRelease = z.infer<typeof ObservedRelease>;

export const KeeperStatus = z.object({
  pid: z.number().int(),
  startedAt: z.string(),
  /** Version of this protocol. */
  version: z.number().int(),
  /** The last generation applied; null when this process has not been told anything yet. */
  generation: z.number().int().nullable(),
  proxyPort: Port,
  releases: z.array(ObservedRelease),
  routes: z.array(
    z.object({
      environmentId: z.string(),
      host: z.string(),
      releaseId: z.string().nullable(),
      plainPort: Port,
      url: z.string(),
      plainUrl: z.string(),
    }),
  ),
});
export type KeeperStatus = z.infer<typeof KeeperStatus>;

export const MetricsQuery = z
  .object({
    releaseId: z.string().optional(),
    environmentId: z.string().optional(),
    since: z.iso.datetime(),
    until: z.iso.datetime().optional(),
    stepSeconds: z.number().int().min(10).max(86_400),
  })
  .refine(
    (query) => query.releaseId !== undefined || query.environmentId !== undefined,
    "name a release or an environment",
  );
export type MetricsQuery = z.infer<typeof MetricsQuery>;

export const MetricsPoint = z.object({
  /** Start of the step. */
  at: z.string(),
  requests: z.number(),
  status2xx: z.number(),
  status3xx: z.number(),
  status4xx: z.number(),
  status5xx: z.number(),
  /** Time to the first byte of the answer, in milliseconds. */
  latencyMsP50: z.number().nullable(),
  latencyMsP95: z.number().nullable(),
  bytesIn: z.number(),
  bytesOut: z.number(),
  /** Of one core; mean of the step. */
  cpuPercent: z.number().nullable(),
  /** Resident memory of the process tree; largest of the step. */
  memoryMb: z.number().nullable(),
});
export type MetricsPoint = z.infer<typeof MetricsPoint>;

/** Grows when a keeper and an agent of different versions could misunderstand each other. */
export const keeperProtocolVersion = 1;
