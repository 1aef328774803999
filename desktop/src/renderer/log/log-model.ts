import type { LogLineView } from "@cloudsmith/contracts/api";
import { isPassing } from "../api/errors.ts";
import type { LogLine } from "./log-chunk.ts";
import { LogOutline } from "./log-outline.ts";
import { LogPages } from "./log-pages.ts";
import type { LogSource } from "./log-source.ts";
import type { PositionRange } from "./position-ranges.ts";

/** Lines of the end that a log begins with. */
const firstLines = 500;
/** Lines that are fetched at a time, and how far around what is looked at. */
const pageLines = 1000;
/** How long until what failed for want of an answer is asked for again, in milliseconds. */
const retryMs = 2000;

interface Section {
  readonly key: string;
  readonly source: LogSource;
  readonly pages: LogPages;
  folded: boolean;
  /** Its last position when it was opened; live lines follow behind it. Undefined until then. */
  openedAt: number | undefined;
  error: unknown;
  /** The window that is being fetched. */
  fetching: AbortController | undefined;
  wanted: PositionRange | undefined;
}

/**
 * What a log viewer shows: one or several logs, of which only what was looked at is here. Lines come by pages and by the live stream;
 * the viewer says what it looks at, and is told once a frame that something changed.
 */
export class LogModel {
  readonly #headers: boolean;
  readonly #listeners = new Set<() => void>();
  #sections: readonly Section[] = [];
  #outline = new LogOutline([]);
  #version = 0;
  #scheduled = false;

  constructor(options: { headers: boolean } = { headers: true }) {
    this.#headers = options.headers;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly version = (): number => this.#version;

  get outline(): LogOutline {
    return this.#outline;
  }
  get keys(): readonly string[] {
    return this.#sections.map(({ key }) => key);
  }
  /** The first thing that went wrong with a log that is shown. */
  get error(): unknown {
    return this.#sections.find(({ error }) => error !== undefined)?.error;
  }
  /** Every log's length is known. */
  get isOpen(): boolean {
    return this.#sections.every(({ openedAt, error }) => openedAt !== undefined || error !== undefined);
  }

  /** Adds a log below the others, or where it belongs among the keys given; one that is there stays. */
  addSection(key: string, source: LogSource, order: readonly string[], folded = false): void {
    if (this.#sections.some((section) => section.key === key)) return;
    const added: Section = {
      key,
      source,
      pages: new LogPages(),
      folded,
      openedAt: undefined,
      error: undefined,
      fetching: undefined,
      wanted: undefined,
    };
    this.#sections = [...this.#sections, added].sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
    this.#changed();
  }

  /** Fetches the end of a log. */
  async open(key: string): Promise<void> {
    const section = this.#section(key);
    if (section === undefined) return;
    try {
      const page = await section.source.last(firstLines);
      const first = page.lines[0]?.position;
      section.pages.add({
        lines: page.lines,
        total: page.total,
        ended: page.ended,
        ...(first !== undefined && { asked: { from: first, to: page.total } }),
      });
      section.openedAt = page.total - 1;
      section.error = undefined;
    } catch (error) {
      this.#failed(section, error);
    }
    this.#changed();
  }

  /** The position behind which live lines of a log follow; undefined until it was opened. */
  openedAt(key: string): number | undefined {
    return this.#section(key)?.openedAt;
  }

  /** Opens again what failed. */
  retry(): void {
    for (const section of this.#sections)
      if (section.error !== undefined) {
        section.error = undefined;
        void (section.openedAt !== undefined ? this.#fetchNext(section) : this.open(section.key));
      }
    this.#changed();
  }

  append(key: string, lines: readonly LogLineView[]): void {
    this.#section(key)?.pages.add({ lines });
    this.#changed();
  }

  pages(key: string): LogPages | undefined {
    return this.#section(key)?.pages;
  }
  source(key: string): LogSource | undefined {
    return this.#section(key)?.source;
  }
  line(key: string, position: number): LogLine | undefined {
    return this.#section(key)?.pages.line(position);
  }
  isFolded(key: string): boolean {
    return this.#section(key)?.folded ?? false;
  }
  fold(key: string, folded: boolean): void {
    const section = this.#section(key);
    if (section === undefined || section.folded === folded) return;
    section.folded = folded;
    this.#changed();
  }

  /**
   * Says which lines are looked at, and how many around them soon may be. What of them is not here is fetched, the latest wish first; an
   * older one that is under way is given up.
   */
  look(key: string, seen: PositionRange, ahead: number): void {
    const section = this.#section(key);
    if (section === undefined || section.openedAt === undefined || section.error !== undefined) return;
    const isIdle = section.fetching === undefined;
    const wider = { from: seen.from - ahead, to: seen.to + ahead };
    const missing = section.pages.missing(seen)[0] ?? (isIdle ? section.pages.missing(wider)[0] : undefined);
    if (missing === undefined) return;
    const { wanted } = section;
    if (!isIdle && wanted !== undefined && missing.from >= wanted.from && missing.from < wanted.to) return;
    section.wanted = around(missing, section.pages.total);
    section.fetching?.abort();
    void this.#fetchNext(section);
  }

  /** The text of lines, fetched where they are not here. */
  async texts(key: string, range: PositionRange, signal: AbortSignal): Promise<string[]> {
    const source = this.#section(key)?.source;
    const texts: string[] = [];
    for (let { from } = range; source !== undefined && from < range.to; from += 5000) {
      const page = await source.page({ from, to: Math.min(from + 5000, range.to) }, signal);
      texts.push(...page.lines.map((line) => line.text));
    }
    return texts;
  }

  async #fetchNext(section: Section): Promise<void> {
    const range = section.wanted;
    if (range === undefined) return;
    const fetching = new AbortController();
    section.fetching = fetching;
    try {
      const page = await section.source.page(range, fetching.signal);
      const asked = { from: range.from, to: Math.min(range.to, page.total) };
      section.pages.add({ lines: page.lines, total: page.total, asked }, (range.from + range.to) / 2);
      section.error = undefined;
    } catch (error) {
      if (!fetching.signal.aborted) this.#failed(section, error);
    }
    if (section.fetching !== fetching) return;
    section.fetching = undefined;
    this.#changed();
  }

  /** Keeps what went wrong. Where the agent was only away it is tried again by itself. */
  #failed(section: Section, error: unknown): void {
    section.error = error;
    if (isPassing(error)) setTimeout(() => this.retry(), retryMs);
  }

  #section(key: string): Section | undefined {
    return this.#sections.find((section) => section.key === key);
  }

  /** Draws at most once a frame, however fast lines come; a page that nobody sees draws now and then. */
  #changed(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const tell = (): void => {
      this.#scheduled = false;
      this.#version += 1;
      // A log without a line has nothing to show, not even a header.
      const shown = this.#sections.filter(({ pages }) => pages.count > 0);
      this.#outline = new LogOutline(shown, { headers: this.#headers });
      for (const listener of this.#listeners) listener();
    };
    if (document.visibilityState === "visible") requestAnimationFrame(tell);
    else setTimeout(tell, 500);
  }
}

/** A page that has what is missing in its middle. */
function around(missing: PositionRange, total: number): PositionRange {
  const from = Math.max(0, Math.floor(missing.from / pageLines) * pageLines);
  return { from, to: Math.min(from + pageLines, total) };
}
