import type { LiveMessage, Subscription } from "@cloudsmith/contracts/api";
import type { LiveTransport } from "../live-connection.ts";

interface Place {
  readonly subscriptions?: Subscription[];
  readonly progress: Record<string, number>;
}

/** What the agent promises of its live streams (docs/decisions/0008), small enough to break in any way at any moment. */
export class ModelAgent implements LiveTransport {
  /** Lines that each project has written. */
  readonly lines = new Map<string, number>();
  opened = 0;
  /** What happens to the next change: done, lost on the way there, or done with the answer lost. */
  nextChange: "done" | "lost" | "unanswered" = "done";
  refuseNextOpen = false;
  #stream: ModelStream | undefined;

  write(project: string, count: number): void {
    this.lines.set(project, (this.lines.get(project) ?? 0) + count);
    this.#stream?.wake();
  }

  breakStream(): void {
    this.#stream?.fail();
  }

  async open(subscriptions: Subscription[], options: { signal: AbortSignal; lastEventId: string | undefined }) {
    if (this.refuseNextOpen) {
      this.refuseNextOpen = false;
      throw new Error("connection refused");
    }
    // What the agent itself wrote a moment ago.
    const place = JSON.parse(options.lastEventId ?? '{"progress":{}}') as Place;
    this.#stream = new ModelStream(this, String((this.opened += 1)), subscriptions, place);
    options.signal.addEventListener("abort", () => this.breakStream());
    return this.#stream.messages();
  }

  async change(stream: string, change: { add: Subscription[]; remove: string[] }): Promise<void> {
    const how = this.nextChange;
    this.nextChange = "done";
    // Messages go on while it is on its way.
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (how === "lost" || this.#stream?.id !== stream) throw new Error("connection reset");
    this.#stream.change(change);
    if (how === "unanswered") throw new Error("connection reset");
  }

  meaning(): "broken" {
    return "broken";
  }
}

class ModelStream {
  readonly #agent: ModelAgent;
  readonly id: string;
  readonly #sources = new Map<string, Subscription>();
  readonly #progress: Map<string, number>;
  readonly #first: string;
  #changed: boolean;
  #broken = false;
  #wake: () => void = () => undefined;

  constructor(agent: ModelAgent, id: string, subscriptions: Subscription[], place: Place) {
    this.#agent = agent;
    this.id = id;
    this.#first = JSON.stringify(place);
    this.#progress = new Map(Object.entries(place.progress));
    this.#changed = place.subscriptions !== undefined;
    for (const each of place.subscriptions ?? subscriptions) this.#sources.set(each.key, each);
  }

  change({ add, remove }: { add: Subscription[]; remove: string[] }): void {
    this.#changed = true;
    for (const key of [...remove, ...add.map((each) => each.key)]) {
      this.#sources.delete(key);
      this.#progress.delete(key);
    }
    for (const each of add) this.#sources.set(each.key, each);
    this.wake();
  }

  wake(): void {
    this.#wake();
  }

  fail(): void {
    this.#broken = true;
    this.wake();
  }

  async *messages(): AsyncGenerator<{ message: LiveMessage; id: string }> {
    yield { message: { type: "open", stream: this.id }, id: this.#first };
    for (;;) {
      if (this.#broken) throw new Error("connection reset");
      const message = this.#next();
      if (message !== undefined) yield { message, id: this.#place() };
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Up to three lines of one log. */
  #next(): LiveMessage | undefined {
    for (const [key, subscription] of this.#sources) {
      if (subscription.type !== "run-log") continue;
      const from = this.#progress.get(key) ?? 0;
      const to = Math.min(from + 3, this.#agent.lines.get(subscription.project) ?? 0);
      if (to <= from) continue;
      this.#progress.set(key, to);
      const lines = Array.from({ length: to - from }, (_, index) => ({
        position: from + index,
        at: "",
        stream: "stdout" as const,
        text: String(from + index),
      }));
      return { type: "log", key, part: "run", source: subscription.project, lines };
    }
    return undefined;
  }

  #place(): string {
    const progress = Object.fromEntries(this.#progress);
    return JSON.stringify(this.#changed ? { subscriptions: [...this.#sources.values()], progress } : { progress });
  }
}
