import type { TimelineEntry } from "@cloudsmith/contracts";
import type { Output } from "../output.ts";
import type { LogMessage, ProgressView } from "./progress-view.ts";

/** For programs: a line of JSON for each entry and each piece of log. */
export class JsonView implements ProgressView {
  readonly #out: Output;

  constructor(out: Output) {
    this.#out = out;
  }

  timeline(entry: TimelineEntry): void {
    this.#out.item({ type: "timeline", entry }, () => []);
  }

  log({ part, lines }: LogMessage): void {
    this.#out.item({ type: "log", part, lines }, () => []);
  }

  pause(): void {}
  resume(): void {}
  close(): void {}
}
