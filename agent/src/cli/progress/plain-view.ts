import type { TimelineEntry } from "@cloudsmith/contracts";
import { formatDuration } from "../format.ts";
import type { Output } from "../output.ts";
import { terminalSafe } from "../terminal-safe.ts";
import type { LogMessage, ProgressView } from "./progress-view.ts";
import { StageClock } from "./stage-clock.ts";

/** For pipes and CI: every entry and log line once, in order, nothing redrawn. */
export class PlainView implements ProgressView {
  readonly #out: Output;
  readonly #clock = new StageClock();

  constructor(out: Output) {
    this.#out = out;
  }

  timeline(entry: TimelineEntry): void {
    const ended = this.#clock.take(entry);
    if (ended !== undefined) this.#out.write(`== ${ended.stage} took ${formatDuration(ended.ms)}\n`);
    this.#out.write(`${entry.type === "warning" ? "!!" : "=="} ${terminalSafe(entry.message)}\n`);
  }

  log({ lines }: LogMessage): void {
    for (const { text } of lines) this.#out.write(`   ${terminalSafe(text)}\n`);
  }

  pause(): void {}
  resume(): void {}
  close(): void {}
}
