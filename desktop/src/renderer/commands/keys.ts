/** One press of a key as it is written in `Command.keys`: `mod+k`, `shift+enter`, `?`, `j`. */
export function pressOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : (named[event.key] ?? event.key.toLowerCase());
  // A sign such as ? needs Shift on some keyboards and not on others.
  const isSign = event.key.length === 1 && !/[a-z0-9]/i.test(event.key);
  return [
    ...(event.ctrlKey || event.metaKey ? ["mod"] : []),
    ...(event.altKey ? ["alt"] : []),
    ...(event.shiftKey && !isSign ? ["shift"] : []),
    key,
  ].join("+");
}

const named: Record<string, string> = {
  ArrowDown: "down",
  ArrowUp: "up",
  ArrowLeft: "left",
  ArrowRight: "right",
  " ": "space",
};

/** Time between the keys of a sequence, in milliseconds. */
const sequenceMs = 1200;

/** Follows keys that are pressed one after the other. */
export class KeySequence {
  #pressed: readonly string[] = [];
  #at = 0;

  /** Which of the wanted keys (`g p`, `d`) are complete with this press; the longest wins. */
  press(press: string, wanted: readonly string[], now: number): string | undefined {
    const before = now - this.#at > sequenceMs ? [] : this.#pressed;
    this.#at = now;
    for (const from of before.keys()) {
      const whole = [...before.slice(from), press].join(" ");
      if (wanted.includes(whole)) return this.#done(whole);
    }
    if (wanted.includes(press)) return this.#done(press);
    const tail = [...before, press].slice(-2);
    this.#pressed = wanted.some((keys) => keys.includes(" ")) ? tail : [];
    return undefined;
  }

  #done(keys: string): string {
    this.#pressed = [];
    return keys;
  }
}

/** How keys are shown: each press by its parts. */
export function partsOf(keys: string, isMac: boolean): readonly (readonly string[])[] {
  return keys.split(" ").map((press) => press.split("+").map((part) => shown(part, isMac)));
}

function shown(part: string, isMac: boolean): string {
  const names: Record<string, string> = {
    mod: isMac ? "⌘" : "Ctrl",
    alt: isMac ? "⌥" : "Alt",
    shift: isMac ? "⇧" : "Shift",
    enter: "↵",
    escape: "Esc",
    down: "↓",
    up: "↑",
    left: "←",
    right: "→",
    space: "␣",
  };
  return names[part] ?? (part.length === 1 ? part.toUpperCase() : part);
}
