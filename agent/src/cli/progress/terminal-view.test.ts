import { newId, type Deployment, type TimelineEntry } from "@cloudsmith/contracts";
import { Writable } from "node:stream";
import { expect, it } from "vitest";
import type { Output } from "../output.ts";
import { PlainView } from "./plain-view.ts";
import { TerminalView } from "./terminal-view.ts";
import pc from "picocolors";

/** A terminal of 60 columns that keeps what stands on it: text, line ends, "up n lines" and "clear to the end". */
function screen(): { out: Output; lines: () => string[] } {
  let lines = [""];
  const write = (text: string): void => {
    for (const part of text.split(/(\n|\u001B\[\d+A|\u001B\[J)/)) {
      const up = /^\u001B\[(\d+)A$/.exec(part)?.[1];
      if (part === "\n") lines.push("");
      else if (part === "\u001B[J") lines = [...lines.slice(0, row()), ""];
      else if (up !== undefined) cursor = row() - Number(up);
      else if (part !== "") lines[lines.length - 1] += part;
    }
  };
  let cursor: number | undefined;
  const row = (): number => {
    const at = cursor ?? lines.length - 1;
    cursor = undefined;
    return at;
  };
  const out: Output = {
    json: false,
    live: true,
    colors: pc.createColors(false),
    width: 60,
    result: () => undefined,
    item: () => undefined,
    note: () => undefined,
    write,
  };
  return { out, lines: () => lines.filter((line) => line !== "") };
}

const ids = { teamId: newId("team"), deploymentId: newId("deployment") };
const at = (seconds: number): string => new Date(Date.UTC(2030, 0, 1) + seconds * 1000).toISOString();
const entry = (number: number, seconds: number, rest: Partial<TimelineEntry>): TimelineEntry => ({
  ...ids,
  number,
  at: at(seconds),
  type: "state",
  state: "building",
  message: "",
  ...rest,
});
// The views read nothing of it.
const deployment = {} as Deployment;

const story = [
  entry(1, 0, { state: "preparing", message: "Preparing" }),
  entry(2, 1, { state: "preparing", type: "source", message: "Took 6 files" }),
  entry(3, 2, { state: "building", message: "Building" }),
  entry(4, 5, { state: "building", type: "warning", message: "No lock file" }),
  entry(5, 14, { state: "live", message: "Live" }),
];

it("on a terminal ended stages stay, the log's tail and the running stage go", () => {
  const { out, lines } = screen();
  const view = new TerminalView(out);
  for (const each of story.slice(0, 3)) view.timeline(each, deployment);
  const log = Array.from({ length: 9 }, (_, position) => ({
    position,
    at: at(3),
    stream: "stdout" as const,
    text: `line ${position} ${"x".repeat(80)}`,
  }));
  view.log({ type: "log", key: "d", part: "build", source: "b", lines: log });
  view.timeline(story[3] ?? entry(4, 5, {}), deployment);
  expect(lines().filter((line) => line.includes("│"))).toHaveLength(6);
  expect(Math.max(...lines().map((line) => line.length))).toBeLessThanOrEqual(60);
  view.timeline(story[4] ?? entry(5, 14, {}), deployment);
  view.close();
  expect(lines()).toEqual(["  ✔ preparing     2.0 s  Took 6 files", "  ! No lock file", "  ✔ building       12 s"]);
});

it("while a question stands nothing is drawn, and afterwards nothing is missing", () => {
  const { out, lines } = screen();
  const view = new TerminalView(out);
  view.timeline(story[0] ?? entry(1, 0, {}), deployment);
  view.pause();
  for (const each of story.slice(1)) view.timeline(each, deployment);
  expect(lines()).toEqual([]);
  view.close();
  expect(lines()).toHaveLength(3);
});

it("in a pipe everything is said once", () => {
  const chunks: string[] = [];
  const sink = new Writable({ write: (chunk, _encoding, done) => done(void chunks.push(String(chunk))) });
  const view = new PlainView({ ...screen().out, write: (text) => sink.write(text) });
  for (const each of story) view.timeline(each);
  expect(chunks.join("")).toBe(
    "== Preparing\n== Took 6 files\n== preparing took 2.0 s\n== Building\n!! No lock file\n== building took 12 s\n== Live\n",
  );
});
