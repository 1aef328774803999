/** What stands in place of a secret. */
export const maskText = "••••••";

/** Shorter values would blot out half of a log without keeping anything secret. */
const minLength = 4;

/** A base64 core this short turns up by chance. */
const minBase64Length = 8;

export interface Masker {
  (text: string): string;
  /** The length of the longest form it looks for: two halves of one are never further apart. */
  readonly longest: number;
}

/**
 * Replaces every occurrence of a secret by `••••••`: as it is, line by line, in base64 (alone or inside of something
 * longer, also URL-safe), URL-encoded and JSON-escaped. Secrets under 4 characters are left alone.
 */
export function createMasker(secrets: readonly string[]): Masker {
  const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  const longest = forms[0]?.length ?? 0;
  if (longest === 0) return Object.assign((text: string) => text, { longest });
  const any = new RegExp(forms.map((form) => RegExp.escape(form)).join("|"));
  return Object.assign((text: string) => (any.test(text) ? blot(text, occurrences(text, forms)) : text), { longest });
}

function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const plain = [secret, ...lines].filter((form) => form.length >= minLength);
  return plain.flatMap((form) => [
    form,
    Buffer.from(form).toString("base64"),
    Buffer.from(form).toString("base64url"),
    ...base64Cores(form),
    encodeURIComponent(form.toWellFormed()),
    new URLSearchParams([["", form]]).toString().slice(1),
    JSON.stringify(form).slice(1, -1),
  ]);
}

/** Base64 as it looks at each of the three alignments, without the characters that what is around it has a part in. */
function base64Cores(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replaceAll("=", "");
    const ragged = (shift + bytes.length) % 3;
    const core = encoded.slice(Math.ceil((shift * 4) / 3), ragged === 0 ? undefined : -1);
    const urlSafe = core.replaceAll("+", "-").replaceAll("/", "_");
    return core.length >= minBase64Length ? [core, urlSafe] : [];
  });
}

type Interval = readonly [from: number, to: number];

/** All occurrences, overlapping ones too: where two secrets share letters, none of either may stay. */
function occurrences(text: string, forms: readonly string[]): Interval[] {
  const found: Interval[] = [];
  for (const form of forms) {
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) found.push([at, at + form.length]);
  }
  return found.sort((a, b) => a[0] - b[0]);
}

function blot(text: string, intervals: readonly Interval[]): string {
  let result = "";
  let end = -1;
  for (const [from, to] of intervals) {
    if (from > end) result += text.slice(Math.max(end, 0), from) + maskText;
    end = Math.max(end, to);
  }
  return result + text.slice(end);
}
