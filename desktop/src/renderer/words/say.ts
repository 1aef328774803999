import { createIntl, createIntlCache, type IntlShape } from "@formatjs/intl";
import { useMemo, useSyncExternalStore } from "react";
import { pseudo } from "./pseudo.ts";

/** The messages of one page, in ICU syntax: `{count, plural, one {# project} other {# projects}}`. */
export type Words = Readonly<Record<string, string>>;

/** Names of the values that a message needs. Text of a branch has a space or a # in it, so that it is not taken for a name. */
type NamesIn<M extends string> = M extends `${string}{${infer Rest}` ? NameAt<Rest> | NamesIn<Rest> : never;
type NameAt<R extends string> = R extends `${infer Inside}}${string}`
  ? Inside extends `${infer Name},${string}`
    ? NameOf<Name>
    : NameOf<Inside>
  : never;
type NameOf<N extends string> = N extends `${string}${" " | "#"}${string}` | "" ? never : N;
type Values<M extends string> = Readonly<Record<NamesIn<M>, string | number | Date>>;
type Needed<M extends string> = [NamesIn<M>] extends [never] ? [] : [values: Values<M>];

/** Says a message of these words. */
export type Say<W extends Words> = <K extends keyof W & string>(key: K, ...values: Needed<W[K]>) => string;

export const locales = ["en", "pseudo"] as const;
export type Locale = (typeof locales)[number];
const place = "cloudsmith.locale";
const listeners = new Set<() => void>();
const cache = createIntlCache();

/** English, or the pseudo-locale that shows what does not come from a catalogue and what breaks with longer words. */
export function locale(): Locale {
  return localStorage.getItem(place) === "pseudo" ? "pseudo" : "en";
}

export function chooseLocale(wanted: Locale): void {
  localStorage.setItem(place, wanted);
  for (const listener of listeners) listener();
}

/** Numbers and times as the person's browser writes them; words are English for now. */
export const intl: IntlShape = createIntl(
  {
    locale: "en",
    defaultLocale: "en",
    onError: (error) => {
      throw error;
    },
  },
  cache,
);

/** What ICU messages do not take as it is. */
const syntax = /[{}'<]/;

function format(message: string, values: Record<string, string | number | Date> | undefined, wanted: Locale): string {
  // Most messages are plain text, which is what they say; only the others are worth a parser.
  if (wanted === "en" && !syntax.test(message)) return message;
  const id = wanted === "pseudo" ? `pseudo ${message}` : message;
  return intl.formatMessage({ id, defaultMessage: wanted === "pseudo" ? pseudo(message) : message }, values);
}

/** Says words outside of a component. */
export function sayer<W extends Words>(words: W, wanted: Locale = locale()): Say<W> {
  return (key, ...[values]) => format(words[key] ?? key, values, wanted);
}

/** Says the words of a page; draws again when another locale is chosen. */
export function useSay<W extends Words>(words: W): Say<W> {
  const wanted = useSyncExternalStore(subscribe, locale);
  return useMemo(() => sayer(words, wanted), [words, wanted]);
}

/** The chosen locale. */
export function useLocale(): Locale {
  return useSyncExternalStore(subscribe, locale);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
