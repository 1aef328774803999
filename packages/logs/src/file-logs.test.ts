import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { logStoreConformance } from "./conformance.ts";
import { openFileLogs, type PositionedLine } from "./index.ts";

const id = { teamId: "team_first", id: "release/rel_abcd" };

logStoreConformance("files", async () => openFileLogs({ dir: await temporaryFolder() }));

test("only the owner can read folders and files", async () => {
  const dir = await temporaryFolder();
  await write(dir, ["private"]);
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const { mode } = await stat(join(entry.parentPath, entry.name));
    expect(mode & 0o777, entry.name).toBe(entry.isDirectory() ? 0o700 : 0o600);
  }
});

test("a segment is text that people can read with any tool", async () => {
  const dir = await temporaryFolder();
  const writer = openFileLogs({ dir }).writer(id);
  writer.write({ at: "2026-01-31T10:00:00.000Z", stream: "stderr", text: "hello there" });
  await writer.close();
  const path = join(dir, "team_first/release/rel_abcd/000000000000-1769853600000.log");
  expect(await readFile(path, "utf8")).toBe("2026-01-31T10:00:00.000Z e hello there\n");
});

test("half a line that a dead writer left is not read, and dropped by the next writer", async () => {
  const dir = await temporaryFolder();
  await write(dir, ["one", "two"]);
  await appendFile(await lastSegment(dir), "2026-01-31T10:00:00.000Z o half of a li");
  expect(await texts(dir)).toEqual(["one", "two"]);
  await write(dir, ["three"]);
  expect(await texts(dir)).toEqual(["one", "two", "three"]);
});

test("damage in the middle of a segment costs only the damaged line", async () => {
  const dir = await temporaryFolder();
  await write(dir, ["one"]);
  await appendFile(await lastSegment(dir), "\0\0\0 garbage\n");
  await write(dir, ["three"]);
  const page = await openFileLogs({ dir }).read(id);
  expect(page.lines.map(({ position }) => position)).toEqual([0, 1, 2]);
  expect(page.lines[2]?.text).toBe("three");
});

test(
  "a follower loses and doubles nothing while writers in other processes are killed",
  { timeout: 60_000 },
  async () => {
    const dir = await temporaryFolder();
    const abort = new AbortController();
    const seen: PositionedLine[] = [];
    const following = (async () => {
      for await (const lines of openFileLogs({ dir }).follow(id, { signal: abort.signal })) seen.push(...lines);
    })();
    for (let kill = 0; kill < 4; kill += 1) {
      const enough = seen.length + 15_000;
      const child = writerProcess(dir, kill);
      await expect.poll(() => seen.length, { timeout: 20_000, interval: 10 }).toBeGreaterThan(enough);
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await write(dir, ["the end"], "end");
    await following;
    const store = openFileLogs({ dir });
    expect(seen.map(({ position }) => position)).toEqual(seen.map((_line, index) => index));
    expect(seen.at(-1)?.text).toBe("the end");
    expect((await store.read(id)).total).toBe(seen.length);
    for (let at = 0; at < seen.length; at += 10_000) {
      const page = await store.read(id, { after: at - 1, limit: 10_000 });
      expect(page.lines).toEqual(seen.slice(at, at + 10_000));
    }
    // Each writer counted its own lines: those of one writer follow each other.
    for (const [index, { text }] of seen.slice(1).entries()) {
      const [writer, count] = text.split(" ").map(Number);
      const [writerBefore, countBefore] = (seen[index]?.text ?? "").split(" ").map(Number);
      if (writer === writerBefore && count !== (countBefore ?? 0) + 1) expect.fail(`${text} after ${countBefore}`);
    }
  },
);

test("a log that a living process writes is refused to others, and free when that one is dead", async () => {
  const dir = await temporaryFolder();
  const child = writerProcess(dir, 1);
  await expect.poll(async () => (await openFileLogs({ dir }).read(id)).total, { timeout: 20_000 }).toBeGreaterThan(0);
  await expect(write(dir, ["mine"])).rejects.toMatchObject({ code: "conflict" });
  child.kill("SIGKILL");
  await once(child, "exit");
  await write(dir, ["mine"]);
  expect((await openFileLogs({ dir }).read(id, { last: 1 })).lines[0]?.text).toBe("mine");
});

test("the lock of a dead process is free, also when another process has its pid now", async () => {
  const dir = await temporaryFolder();
  await write(dir, ["one"]);
  const lock = join(dir, id.teamId, id.id, "writer");
  for (const content of [`${process.pid} 1 some-token`, `${process.ppid} 1 some-token`, ""]) {
    await writeFile(lock, content);
    await write(dir, ["next"]);
  }
  expect(await texts(dir)).toEqual(["one", "next", "next", "next"]);
  await expect(stat(lock)).rejects.toThrow("ENOENT");
});

test("lines wait while the disk does not take them, and are written once it does", async () => {
  const dir = await temporaryFolder();
  const folder = join(dir, id.teamId, id.id);
  // A folder in the place of the first segment stands for any disk that refuses.
  const at = new Date().toISOString();
  const obstacle = join(folder, `000000000000-${Date.parse(at)}.log`);
  await mkdir(obstacle, { recursive: true });
  const writer = openFileLogs({ dir }).writer(id);
  for (let index = 0; index < 1000; index += 1) writer.write({ at, stream: "stdout", text: `line ${index}` });
  await expect(writer.flush()).rejects.toMatchObject({ code: "internal" });
  await rmdir(obstacle);
  await writer.end();
  expect(await texts(dir)).toEqual(Array.from({ length: 1000 }, (_, index) => `line ${index}`));
});

test("a writer that gets more than it may hold says how much it lost", async () => {
  const dir = await temporaryFolder();
  const writer = openFileLogs({ dir }).writer(id);
  const text = "x".repeat(16_000);
  let canTakeMore = true;
  for (let index = 0; index < 2000; index += 1) {
    canTakeMore = writer.write({ at: new Date().toISOString(), stream: "stdout", text });
  }
  expect(canTakeMore).toBe(false);
  await writer.end();
  const { lines } = await openFileLogs({ dir }).read(id, { limit: 10_000 });
  const told = lines.filter(({ stream }) => stream === "system");
  expect(told).toHaveLength(1);
  expect(Number.parseInt(told[0]?.text ?? "", 10) + lines.length - 1).toBe(2000);
});

test("an idle writer has no timer", async () => {
  const dir = await temporaryFolder();
  const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
  const before = timers();
  const writer = openFileLogs({ dir }).writer(id);
  expect(timers()).toBe(before);
  writer.write({ at: new Date().toISOString(), stream: "stdout", text: "x" });
  expect(timers()).toBe(before + 1);
  await writer.flush();
  expect(timers()).toBe(before);
  await writer.close();
});

/** A process that writes `<name> 0`, `<name> 1`, … until it is killed, or this process is gone. */
function writerProcess(dir: string, name: number): ChildProcess {
  const script = `
    import { openFileLogs } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
    process.stdin.resume().on("end", () => process.exit());
    const writer = openFileLogs({ dir: process.argv[1] }).writer(${JSON.stringify(id)});
    for (let count = 0; ; count += 1) {
      writer.write({ at: new Date().toISOString(), stream: "stdout", text: "${name} " + count + " " + "x".repeat(count % 200) });
      if (count % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  `;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script, dir], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function write(dir: string, lines: readonly string[], finish: "close" | "end" = "close"): Promise<void> {
  const writer = openFileLogs({ dir }).writer(id);
  for (const text of lines) writer.write({ at: new Date().toISOString(), stream: "stdout", text });
  await writer[finish]();
}

async function texts(dir: string): Promise<string[]> {
  return (await openFileLogs({ dir }).read(id)).lines.map(({ text }) => text);
}

async function lastSegment(dir: string): Promise<string> {
  const folder = join(dir, id.teamId, id.id);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".log")).sort();
  return join(folder, names.at(-1) ?? "");
}

async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "logs-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
