import { request } from "node:http";

export interface ProbeFailure {
  /** Milliseconds of `performance.now()` when the request began, and when it had failed. */
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

const everyMs = 25;
const patienceMs = 10_000;

/** Requests an address again and again, each time over a new connection, and keeps every failure: an error, or an answer that is not the wanted one. */
export class Probe implements AsyncDisposable {
  readonly failures: ProbeFailure[] = [];
  answers = 0;
  lastAnswerFrom = 0;
  readonly #timer: NodeJS.Timeout;
  readonly #open = new Set<Promise<void>>();

  constructor(url: string, isGood: (body: string) => boolean = () => true) {
    const ask = (): void => {
      const from = performance.now();
      const asked = get(url).then((found) => {
        const why = typeof found === "string" ? found : found.status === 200 && isGood(found.body) ? null : text(found);
        if (why !== null) return void this.failures.push({ from, to: performance.now(), why });
        this.answers += 1;
        this.lastAnswerFrom = Math.max(this.lastAnswerFrom, from);
      });
      this.#open.add(asked);
      void asked.finally(() => this.#open.delete(asked));
    };
    this.#timer = setInterval(ask, everyMs);
  }

  /** Stops asking and waits for the answers that are still to come. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

const text = ({ status, body }: Answer): string => `${status}: ${body.slice(0, 200)}`;

/** One request over a connection of its own; a string says what went wrong. */
export function get(url: string): Promise<Answer | string> {
  return new Promise((resolve) => {
    const call = request(url, { agent: false, timeout: patienceMs }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (body += part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      response.on("error", (error) => resolve(`broken answer: ${error.message}`));
    });
    call.on("timeout", () => call.destroy(new Error(`no answer in ${patienceMs} ms`)));
    call.on("error", (error) => resolve(error.message));
    call.end();
  });
}
