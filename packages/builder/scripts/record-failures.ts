// Lets fixtures fail for real and keeps their logs: `node packages/builder/scripts/record-failures.ts [name ...]`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { failureFixtures, logsFolder } from "../test/failure-fixture.ts";
import { missesOf } from "../test/misses.ts";
import { recordingOf } from "../test/recording.ts";
import { runFailure } from "../test/run-failure.ts";

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const cacheDir = join(tmpdir(), "cloudsmith-failures-cache");
const wanted = process.argv.slice(2);
mkdirSync(logsFolder, { recursive: true });
for (const fixture of failureFixtures()) {
  if (wanted.length > 0 && !wanted.includes(fixture.name)) continue;
  const folder = mkdtempSync(join(tmpdir(), "fixture-"));
  const started = Date.now();
  try {
    const ran = await runFailure(fixture, { folder, cacheDir, signal: AbortSignal.timeout(280_000) });
    const misses = missesOf(fixture, ran.failure);
    say(`${misses.length === 0 ? "ok" : "WRONG"} ${fixture.name} ${Date.now() - started} ms ${misses.join("; ")}`);
    if (misses.length > 0) say(`${JSON.stringify(ran.failure, null, 1)}\n${ran.log.slice(-40).join("\n")}`);
    if (fixture.by === "log" && ran.input !== undefined) {
      const text = JSON.stringify(recordingOf(ran.input, [folder, cacheDir, homedir()]), null, 1);
      writeFileSync(join(logsFolder, `${fixture.name}.json`), `${text}\n`);
    }
  } catch (error) {
    say(`ERROR ${fixture.name} ${String(error)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
