/** A part of a line; `href` where it is an address to open. */
export interface LinkedText {
  readonly text: string;
  readonly href?: string;
}

/** Only what a browser opens as a page: no `javascript:`, `file:` or `data:`. */
const address = /https?:\/\/[^\s<>"'`\\^{|}\u2026]+/gi;
/** Ends of sentences and brackets around an address do not belong to it. */
const trailing = /[.,:;!?*_~]+$/;
const brackets: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** Cuts a text at the addresses in it. */
export function linkedText(text: string): LinkedText[] {
  if (!text.includes("://")) return [{ text }];
  const parts: LinkedText[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const found = trimmed(match[0]);
    const href = hrefOf(found);
    if (href === undefined) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push({ text: found, href });
    from = match.index + found.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

function hrefOf(found: string): string | undefined {
  try {
    return new URL(found).href;
  } catch {
    // It only looks like an address.
    return undefined;
  }
}

function trimmed(found: string): string {
  let end = found.replace(trailing, "");
  for (;;) {
    const last = end.at(-1) ?? "";
    const opening = brackets[last];
    if (opening === undefined || count(end, opening) >= count(end, last)) return end;
    end = end.slice(0, -1).replace(trailing, "");
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
