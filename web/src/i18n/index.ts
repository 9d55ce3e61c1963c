// Texts by key in the reader's language, and dates, numbers and lengths as that language writes them.
//
// A text may name values (`{count}`) and, split by `|`, say one and many: "one order|{count} orders".
import { useSyncExternalStore } from "react";
import { de } from "./de";
import { en, type Texts } from "./en";
import { WORDS } from "./words";

export type Key = keyof Texts;
export type Language = "en" | "de";

export const LANGUAGES: Record<Language, { name: string; texts: Texts }> = {
  en: { name: "English", texts: en },
  de: { name: "Deutsch", texts: de },
};

const STORED_AS = "baton.language";

function preferred(): Language {
  const stored = localStorage.getItem(STORED_AS) ?? navigator.language.slice(0, 2);
  return stored === "de" ? "de" : "en";
}

let current: Language = preferred();
const readers = new Set<() => void>();
document.documentElement.lang = current;

export function setLanguage(language: Language): void {
  current = language;
  localStorage.setItem(STORED_AS, language);
  document.documentElement.lang = language;
  for (const reader of readers) reader();
}

/** The language; whoever uses it is drawn again when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(
    (reader) => {
      readers.add(reader);
      return () => readers.delete(reader);
    },
    () => current,
  );
}

export const language = (): Language => current;

/** A text with its values put in; `count` chooses between one and many. */
export function text(key: Key, values: Record<string, string | number> = {}): string {
  return fill(LANGUAGES[current].texts[key], values, current);
}

/** A code of the API in words; the code itself where nobody has words for it, as with a pack's own. */
export function word(kind: string, code: string): string {
  const pair = WORDS[kind]?.[code];
  return pair?.[current === "de" ? 1 : 0] ?? code;
}

export function fill(
  pattern: string,
  values: Record<string, string | number>,
  locale: string,
): string {
  const [one = "", many] = pattern.split("|");
  const chosen = many !== undefined && values.count !== 1 ? many : one;
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? new Intl.NumberFormat(locale).format(value) : value;
  });
}
