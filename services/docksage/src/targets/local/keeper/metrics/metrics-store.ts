import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { MetricsPoint, MetricsQuery } from "../../protocol.ts";
import { emptyTraffic, latencyAt, latencyBounds, type Traffic } from "./traffic-counter.ts";

/** Samples of three widths: fine ones for a while, coarse ones for longer; the last covers a week. */
const widths = [
  { seconds: 10, keptSeconds: 2 * 3600 },
  { seconds: 60, keptSeconds: 48 * 3600 },
  { seconds: 600, keptSeconds: 8 * 24 * 3600 },
] as const;
const [, , longest] = widths;
const mostPoints = 3000;

/** What is known of one release for one moment. */
export interface Sample {
  readonly releaseId: string;
  readonly environmentId: string;
  readonly traffic: Traffic;
  /** One measurement each; empty where nothing was measured. */
  readonly cpuPercent: readonly number[];
  readonly memoryMb: number | null;
}

/** A row as stored: sums that add up over time. */
interface Total extends Traffic {
  cpuSum: number;
  cpuCount: number;
  memoryMb: number | null;
}

/** The time series of all releases in one SQLite file of bounded size. */
export class MetricsStore {
  readonly #database: DatabaseSync;
  readonly #read: StatementSync;
  readonly #write: StatementSync;
  readonly #select: StatementSync;
  readonly #prune: StatementSync;
  #prunedAt = 0;

  constructor(folder: string) {
    this.#database = new DatabaseSync(join(folder, "metrics.db"));
    // A crash of the machine may cost the last samples, never the file.
    this.#database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -256; PRAGMA wal_autocheckpoint = 200;
      CREATE TABLE IF NOT EXISTS samples (
        release_id TEXT, width INTEGER, at INTEGER, environment_id TEXT, requests INTEGER, s2 INTEGER, s3 INTEGER, s4 INTEGER, s5 INTEGER,
        bytes_in INTEGER, bytes_out INTEGER, latencies TEXT, cpu_sum REAL, cpu_count INTEGER, memory_mb REAL,
        PRIMARY KEY (release_id, width, at)
      ) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS samples_by_environment ON samples (environment_id, width, at);
    `);
    this.#read = this.#database.prepare("SELECT * FROM samples WHERE release_id = ? AND width = ? AND at = ?");
    this.#write = this.#database.prepare(
      "INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#select = this.#database.prepare(
      "SELECT * FROM samples WHERE width = ? AND at >= ? AND at < ? AND (?4 IS NULL OR release_id = ?4) AND (?5 IS NULL OR environment_id = ?5) ORDER BY at",
    );
    this.#prune = this.#database.prepare("DELETE FROM samples WHERE width = ? AND at < ?");
  }

  /** Adds what was measured since the last time to the samples of this moment. */
  add(samples: readonly Sample[], now = Date.now()): void {
    const seconds = Math.floor(now / 1000);
    this.#database.exec("BEGIN");
    try {
      for (const sample of samples) {
        for (const width of widths) this.#merge(sample, width.seconds, seconds - (seconds % width.seconds));
      }
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
    if (seconds - this.#prunedAt < 300) return;
    this.#prunedAt = seconds;
    for (const width of widths) this.#prune.run(width.seconds, seconds - width.keptSeconds);
  }

  /** A point per step from `since` to `until` (now by default), oldest first; steps without samples have no requests and null loads. */
  query(query: MetricsQuery, now = Date.now()): MetricsPoint[] {
    const until = Math.floor((query.until === undefined ? now : Date.parse(query.until)) / 1000);
    const width = widthFor(query.stepSeconds, now / 1000 - Date.parse(query.since) / 1000);
    const step = Math.ceil(query.stepSeconds / width) * width;
    const first = Math.floor(Date.parse(query.since) / 1000 / step) * step;
    const since = Math.max(first, Math.ceil((until - step * mostPoints) / step) * step);
    const totals = new Map<number, Total>();
    for (let at = since; at < until; at += step) totals.set(at, emptyTotal());
    for (const row of this.#select.all(width, since, until, query.releaseId ?? null, query.environmentId ?? null)) {
      const total = totals.get(Math.floor(Number(row["at"]) / step) * step);
      if (total !== undefined) addTo(total, totalOf(row));
    }
    return [...totals].map(([at, total]) => pointOf(at, total));
  }

  close(): void {
    this.#database.close();
  }

  #merge(sample: Sample, width: number, at: number): void {
    const row = this.#read.get(sample.releaseId, width, at);
    const total = row === undefined ? emptyTotal() : totalOf(row);
    const cpuSum = sample.cpuPercent.reduce((sum, value) => sum + value, 0);
    addTo(total, { ...sample.traffic, cpuSum, cpuCount: sample.cpuPercent.length, memoryMb: sample.memoryMb });
    const { requests, statuses, bytesIn, bytesOut, latencies } = total;
    this.#write.run(
      sample.releaseId,
      width,
      at,
      sample.environmentId,
      requests,
      ...statuses,
      bytesIn,
      bytesOut,
      requests === 0 ? null : JSON.stringify(latencies),
      total.cpuSum,
      total.cpuCount,
      total.memoryMb,
    );
  }
}

/** The coarsest width that divides the step, among those that reach back far enough; it is the fewest rows to read. */
function widthFor(stepSeconds: number, ageSeconds: number): number {
  const reaching = widths.filter(({ keptSeconds }) => keptSeconds >= ageSeconds);
  const dividing = reaching.filter(({ seconds }) => stepSeconds % seconds === 0);
  return (dividing.at(-1) ?? reaching[0] ?? longest).seconds;
}

function emptyTotal(): Total {
  return { ...emptyTraffic(), cpuSum: 0, cpuCount: 0, memoryMb: null };
}

function totalOf(row: Readonly<Record<string, unknown>>): Total {
  const number = (name: string) => Number(row[name] ?? 0);
  const stored: unknown = typeof row["latencies"] === "string" ? JSON.parse(row["latencies"]) : [];
  const counts = Array.isArray(stored) ? stored : [];
  return {
    requests: number("requests"),
    statuses: [number("s2"), number("s3"), number("s4"), number("s5")],
    bytesIn: number("bytes_in"),
    bytesOut: number("bytes_out"),
    latencies: latencyBounds.map((_, index) => Number(counts[index] ?? 0)),
    cpuSum: number("cpu_sum"),
    cpuCount: number("cpu_count"),
    memoryMb: row["memory_mb"] === null ? null : number("memory_mb"),
  };
}

function addTo(total: Total, more: Total): void {
  total.requests += more.requests;
  for (const index of [0, 1, 2, 3] as const) total.statuses[index] += more.statuses[index];
  total.bytesIn += more.bytesIn;
  total.bytesOut += more.bytesOut;
  total.latencies = total.latencies.map((count, index) => count + (more.latencies[index] ?? 0));
  total.cpuSum += more.cpuSum;
  total.cpuCount += more.cpuCount;
  if (more.memoryMb !== null) total.memoryMb = Math.max(total.memoryMb ?? 0, more.memoryMb);
}

function pointOf(at: number, total: Total): MetricsPoint {
  const [status2xx, status3xx, status4xx, status5xx] = total.statuses;
  return {
    at: new Date(at * 1000).toISOString(),
    requests: total.requests,
    status2xx,
    status3xx,
    status4xx,
    status5xx,
    latencyMsP50: latencyAt(0.5, total.latencies),
    latencyMsP95: latencyAt(0.95, total.latencies),
    bytesIn: total.bytesIn,
    bytesOut: total.bytesOut,
    cpuPercent: total.cpuCount === 0 ? null : Math.round((total.cpuSum / total.cpuCount) * 10) / 10,
    memoryMb: total.memoryMb,
  };
}
