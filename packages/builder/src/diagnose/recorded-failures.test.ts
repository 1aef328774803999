import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { causeCodes } from "@cloudsmith/contracts";
import { expect, test } from "vitest";
import { failureFixtures, logsFolder } from "../../test/failure-fixture.ts";
import { missesOf } from "../../test/misses.ts";
import { readRecording } from "../../test/recording.ts";
import { diagnose } from "./diagnose.ts";

const fixtures = failureFixtures();
const recorded = fixtures.filter((fixture) => fixture.by === "log");

test.each(recorded)("$name: $code", (fixture) => {
  const file = join(logsFolder, `${fixture.name}.json`);
  expect(existsSync(file), "record it: node packages/builder/scripts/record-failures.ts").toBe(true);
  const failure = diagnose(readRecording(file));
  expect(missesOf(fixture, failure)).toEqual([]);
  expect(failure.excerpt?.length ?? 0).toBeLessThanOrEqual(20);
});

test("no recording is left without its fixture", () => {
  const names = new Set(recorded.map(({ name }) => `${name}.json`));
  expect(readdirSync(logsFolder).filter((name) => !names.has(name))).toEqual([]);
});

test("fixtures prove more than forty causes", () => {
  const known = new Set<string>([...causeCodes, "disk-full"]);
  const proven = new Set(fixtures.map(({ code }) => code));
  expect([...proven].filter((code) => !known.has(code))).toEqual([]);
  expect(proven.size).toBeGreaterThanOrEqual(40);
});
