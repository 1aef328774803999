import { expect, test } from "vitest";
import { createMasker, maskText } from "../mask.ts";
import type { LogStore } from "../log-store.ts";
import { id, line, textsOf, written } from "./lines.ts";

export function writing(open: () => Promise<LogStore>): void {
  test("gives back lines as they were written", async () => {
    const store = await open();
    const writer = store.writer(id);
    const at = "2026-01-31T10:00:00.123Z";
    const texts = [
      "plain",
      "",
      "\u001b[31mred\u001b[0m",
      "  spaces  ",
      "emoji 🚀 ünï",
      "tab\tand\rreturn",
      "10:00 o x",
    ];
    for (const [index, text] of texts.entries()) {
      writer.write({ at, stream: (["stdout", "stderr", "system"] as const)[index % 3] ?? "stdout", text });
    }
    await writer.end();
    const page = await store.read(id);
    expect(page.lines.map(({ text }) => text)).toEqual(texts);
    expect(page.lines.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(page.lines.slice(0, 4).map(({ stream }) => stream)).toEqual(["stdout", "stderr", "system", "stdout"]);
    expect(new Set(page.lines.map((each) => each.at))).toEqual(new Set([at]));
    expect(page).toMatchObject({ first: 0, total: 7, ended: true, next: undefined });
  });

  test("makes lines of chunks, whatever way they are cut", async () => {
    const store = await open();
    const writer = store.writer(id, { mask: createMasker(["hunter22"]) });
    for (const byte of Buffer.from("hällo\r\nwörld\n\npassword hunter22 ok\nno newline 🚀")) {
      writer.writeChunk("stdout", Uint8Array.of(byte));
    }
    writer.writeChunk("stderr", Buffer.from("apart"));
    await writer.end();
    const { lines } = await store.read(id);
    const shown = lines.map(({ stream, text }) => `${stream} ${text}`);
    expect(shown).toEqual([
      "stdout hällo",
      "stdout wörld",
      "stdout ",
      `stdout password ${maskText} ok`,
      "stdout no newline 🚀",
      "stderr apart",
    ]);
  });

  test("masks what is written as lines too", async () => {
    const store = await open();
    const writer = store.writer(id, { mask: createMasker(["hunter22"]) });
    writer.write(line("it is hunter22"));
    await writer.end();
    expect(textsOf(await store.read(id))).toEqual([`it is ${maskText}`]);
  });

  test("splits lines at newlines and at 16 KiB, and loses nothing", async () => {
    const store = await open();
    const writer = store.writer(id);
    const long = "é🚀x".repeat(10_000);
    writer.write(line(`one\ntwo`));
    writer.write(line(long));
    await writer.end();
    const [one, two, ...parts] = textsOf(await store.read(id));
    expect([one, two]).toEqual(["one", "two"]);
    for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(16 * 1024);
    expect(parts.map((part) => part.replace(/^…/, "").replace(/…$/, "")).join("")).toBe(long);
  });

  test("goes on at the next position after close, and after end", async () => {
    const store = await open();
    await written(store.writer(id), 3, "close");
    expect((await store.read(id)).ended).toBe(false);
    await written(store.writer(id), 3, "end");
    expect(await store.read(id)).toMatchObject({ ended: true, total: 6 });
    await written(store.writer(id), 1, "close");
    expect(await store.read(id)).toMatchObject({ ended: false, total: 7 });
  });

  test("shows what was flushed while the writer is open, and soon what was not", async () => {
    const store = await open();
    const writer = store.writer(id);
    writer.write(line("flushed"));
    await writer.flush();
    expect(textsOf(await store.read(id))).toEqual(["flushed"]);
    writer.write(line("by itself"));
    await expect.poll(async () => textsOf(await store.read(id)), { timeout: 10_000 }).toEqual(["flushed", "by itself"]);
    await writer.close();
  });

  test("marks a log without a line as ended", async () => {
    const store = await open();
    await store.writer(id).end();
    expect(await store.read(id)).toEqual({ lines: [], next: undefined, ended: true, first: 0, total: 0 });
  });

  test("takes a second end or close as the first one, and nothing after it", async () => {
    const store = await open();
    const writer = store.writer(id);
    writer.write(line("only"));
    await Promise.all([writer.end(), writer.end(), writer.close()]);
    writer.write(line("late"));
    writer.writeChunk("stdout", Buffer.from("late\n"));
    await writer.flush();
    expect(textsOf(await store.read(id))).toEqual(["only"]);
  });
}
