import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { failureFixtures } from "../../test/failure-fixture.ts";
import { missesOf } from "../../test/misses.ts";
import { runFailure } from "../../test/run-failure.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fixtures-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cheap = failureFixtures().filter((fixture) => fixture.fast);

test.each(cheap)("$name really fails and is told as $code", { timeout: 120_000 }, async (fixture) => {
  const place = {
    folder: mkdtempSync(join(folder, "run-")),
    cacheDir: join(folder, "cache"),
    signal: AbortSignal.timeout(110_000),
  };
  const { failure } = await runFailure(fixture, place);
  expect(missesOf(fixture, failure)).toEqual([]);
});
