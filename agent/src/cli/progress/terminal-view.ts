import { isSettled, type Deployment, type TimelineEntry } from "@cloudsmith/contracts";
import { fitLine, formatDuration } from "../format.ts";
import type { Output } from "../output.ts";
import type { LogMessage, ProgressView } from "./progress-view.ts";
import { StageClock, type FinishedStage } from "./stage-clock.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const tailLines = 6;
const frameMs = 120;

/** For terminals: ended stages stay as lines, below them the running one with its time and the last lines of its log. */
export class TerminalView implements ProgressView {
  readonly #out: Output;
  readonly #clock = new StageClock();
  readonly #timer: NodeJS.Timeout;
  #tail: string[] = [];
  #drawn = 0;
  #frame = 0;
  #paused = false;
  /** What became final while a question stood. */
  #held: string[] = [];

  constructor(out: Output) {
    this.#out = out;
    this.#timer = setInterval(() => this.#draw(), frameMs);
  }

  timeline(entry: TimelineEntry, _deployment: Deployment): void {
    const { colors } = this.#out;
    const ended = this.#clock.take(entry);
    if (ended !== undefined) {
      this.#tail = [];
      if (ended.stage !== "queued" || ended.ms > 1000) this.#keep(this.#stageLine(ended, entry));
    }
    if (entry.type === "warning") this.#keep(`  ${colors.yellow("!")} ${entry.message}`);
    if (entry.type === "note" || entry.type === "cancel-requested") this.#keep(`    ${colors.dim(entry.message)}`);
  }

  log({ lines }: LogMessage): void {
    this.#tail = [...this.#tail, ...lines.map(({ text }) => text)].slice(-tailLines);
  }

  pause(): void {
    this.#erase();
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    for (const line of this.#held.splice(0)) this.#keep(line);
  }

  close(): void {
    clearInterval(this.#timer);
    this.resume();
    this.#erase();
  }

  #stageLine({ stage, ms, detail }: FinishedStage, entry: TimelineEntry): string {
    const { colors } = this.#out;
    const mark = isSettled(entry.state) && entry.state !== "live" ? colors.red("✖") : colors.green("✔");
    return `  ${mark} ${stage.padEnd(10)} ${formatDuration(ms).padStart(8)}  ${colors.dim(detail ?? "")}`.trimEnd();
  }

  #keep(line: string): void {
    if (this.#paused) {
      this.#held.push(line);
      return;
    }
    this.#erase();
    this.#out.write(`${line}\n`);
    this.#draw();
  }

  #draw(): void {
    if (this.#paused || this.#clock.stage === undefined) return;
    const { colors, width } = this.#out;
    this.#frame = (this.#frame + 1) % frames.length;
    const time = formatDuration(Math.max(0, Date.now() - this.#clock.since)).padStart(8);
    const head = `  ${colors.cyan(frames[this.#frame] ?? "")} ${this.#clock.stage.padEnd(10)} ${time}  `;
    const detail = fitLine(this.#clock.detail ?? "", Math.max(0, width - 26));
    const tail = this.#tail.map((line) => colors.dim(`    │ ${fitLine(line, width - 7)}`));
    const lines = [head + detail, ...tail];
    this.#out.write(`${this.#erasure()}${lines.join("\n")}\n`);
    this.#drawn = lines.length;
  }

  #erase(): void {
    this.#out.write(this.#erasure());
    this.#drawn = 0;
  }

  #erasure(): string {
    return this.#drawn === 0 ? "" : `\u001B[${this.#drawn}A\u001B[J`;
  }
}
