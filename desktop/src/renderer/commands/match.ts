/** How well a text fits what was typed; undefined where it does not. Higher is better. */
export function scoreOf(typed: string, text: string): number | undefined {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  let score = 0;
  for (const word of words) {
    const found = scoreOfWord(word, text.toLowerCase());
    if (found === undefined) return undefined;
    score += found;
  }
  return score - text.length / 1000;
}

/** A word as it stands (at the beginning of one best), else its letters in their order, each beginning a word or following the last. */
function scoreOfWord(word: string, text: string): number | undefined {
  const at = text.indexOf(word);
  if (at !== -1) return startsWord(text, at) ? 3 : 2;
  let from = 0;
  for (const letter of word) {
    const next = nextLetter(text, letter, from);
    if (next === -1) return undefined;
    from = next + 1;
  }
  return 1;
}

function nextLetter(text: string, letter: string, from: number): number {
  for (let at = text.indexOf(letter, from); at !== -1; at = text.indexOf(letter, at + 1))
    if (at === from || startsWord(text, at)) return at;
  return -1;
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || /[\s\-_/.:]/.test(text.charAt(at - 1));
}

/** The items that fit, best first; in their own order where they fit alike. */
export function bestMatches<T>(items: readonly T[], typed: string, textOf: (item: T) => string, limit: number): T[] {
  return items
    .flatMap((item, index) => {
      const score = scoreOf(typed, textOf(item));
      return score === undefined ? [] : [{ item, score: typed.trim() === "" ? 0 : score, index }];
    })
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, limit)
    .map(({ item }) => item);
}
