import type { Told } from "./live-connection.ts";

/** What a subscription was told already: numbers of timeline entries, and positions of each log. Both only grow. */
export class SeenMessages {
  #entry = 0;
  readonly #positions = new Map<string, number>();

  /** The message without what was seen before; undefined where nothing is left. */
  fresh(message: Told): Told | undefined {
    if (message.type === "timeline") {
      if (message.entry.number <= this.#entry) return undefined;
      this.#entry = message.entry.number;
      return message;
    }
    if (message.type !== "log") return message;
    const log = `${message.part} ${message.source}`;
    const last = this.#positions.get(log) ?? -1;
    const lines = message.lines.filter(({ position }) => position > last);
    const end = lines.at(-1);
    if (end === undefined) return undefined;
    this.#positions.set(log, end.position);
    return lines.length === message.lines.length ? message : { ...message, lines };
  }
}
