import { isSettled, type DeploymentState, type TimelineEntry } from "@cloudsmith/contracts";

export interface FinishedStage {
  readonly stage: DeploymentState;
  readonly ms: number;
  /** The last thing that was said in it. */
  readonly detail: string | undefined;
}

/** Types of entries whose message sums up a stage. */
const telling: ReadonlySet<TimelineEntry["type"]> = new Set(["source", "plan", "build", "release"]);

/** Follows the entries of a timeline and says which stage goes on and how long the ended ones took. */
export class StageClock {
  #stage: DeploymentState | undefined;
  #since = 0;
  #detail: string | undefined;

  get stage(): DeploymentState | undefined {
    return this.#stage;
  }
  /** When the stage began, in milliseconds since 1970. */
  get since(): number {
    return this.#since;
  }
  get detail(): string | undefined {
    return this.#detail;
  }

  /** Takes the next entry; answers the stage that it ended, if it ended one. */
  take(entry: TimelineEntry): FinishedStage | undefined {
    const ended = this.#stage !== undefined && this.#stage !== entry.state ? this.#finish(entry.at) : undefined;
    if (this.#stage !== entry.state) {
      this.#stage = isSettled(entry.state) ? undefined : entry.state;
      this.#since = Date.parse(entry.at);
      this.#detail = undefined;
    }
    if (telling.has(entry.type)) this.#detail = entry.message;
    return ended;
  }

  #finish(at: string): FinishedStage | undefined {
    if (this.#stage === undefined) return undefined;
    return { stage: this.#stage, ms: Date.parse(at) - this.#since, detail: this.#detail };
  }
}
