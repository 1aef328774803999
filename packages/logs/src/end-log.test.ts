import { tempDir } from "@cloudsmith/testkit";
import { expect, test } from "vitest";
import { endLog } from "./end-log.ts";
import { openFileLogs } from "./file-logs.ts";

const id = { teamId: "team_first", id: "build/bld_abcd" };
const line = { at: "2030-01-01T00:00:00.000Z", stream: "stdout" as const, text: "half way" };

test("a log whose writer let go of it is ended, and followers return", async () => {
  await using dir = await tempDir();
  const logs = openFileLogs({ dir: dir.path });
  const writer = logs.writer(id);
  writer.write(line);
  await writer.close();
  const followed = Array.fromAsync(logs.follow(id, { signal: AbortSignal.timeout(10_000) }));
  expect(await endLog(logs, id)).toBe(true);
  expect((await followed).flat().map((each) => each.text)).toEqual(["half way"]);
  expect((await logs.read(id)).ended).toBe(true);
});

test("a log that somebody writes and one without a line are left alone", async () => {
  await using dir = await tempDir();
  const logs = openFileLogs({ dir: dir.path });
  expect(await endLog(logs, id)).toBe(true);
  expect((await logs.read(id)).ended).toBe(false);
  const writer = logs.writer(id);
  writer.write(line);
  await writer.flush();
  expect(await endLog(logs, id)).toBe(false);
  writer.write({ ...line, text: "the rest" });
  await writer.end();
  expect((await logs.read(id)).lines.map((each) => each.text)).toEqual(["half way", "the rest"]);
});
