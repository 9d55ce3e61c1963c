// The catalogue of texts, as a test needs it: whether what a page shows is one that German has other words for.
import { de } from "../src/i18n/de.ts";
import { en } from "../src/i18n/en.ts";
import { WORDS } from "../src/i18n/words.ts";

/** Of what is filled in, only texts with as many letters of their own can be told from data. */
const OWN_LETTERS_MIN = 6;
const PLACE = /\{\w+\}/g;

const german = new Set<string>();
const english = new Set<string>();
const patterns: RegExp[] = [];
const germanPatterns: RegExp[] = [];

const form = (text: string) =>
  new RegExp(`^${text.replace(/[.*+?^$()|[\]\\/]/g, "\\$&").replace(PLACE, ".+")}$`, "s");

function take(inEnglish: string, inGerman: string): void {
  for (const each of inGerman.split("|")) {
    german.add(each);
    if (each.search(PLACE) >= 0) germanPatterns.push(form(each));
  }
  if (inEnglish === inGerman) return;
  for (const each of inEnglish.split("|")) {
    if (each.search(PLACE) < 0) english.add(each);
    else if (each.replace(PLACE, "").replace(/\W/g, "").length >= OWN_LETTERS_MIN)
      patterns.push(form(each));
  }
}

for (const [key, text] of Object.entries(en)) take(text, de[key as keyof typeof de]);
for (const words of Object.values(WORDS))
  for (const [inEnglish, inGerman] of Object.values(words)) take(inEnglish, inGerman);

/** Whether it is a text of the catalogue in English, and none in German. */
export function leftInEnglish(shown: string): boolean {
  if (german.has(shown)) return false;
  if (english.has(shown)) return true;
  return patterns.some((one) => one.test(shown)) && !germanPatterns.some((one) => one.test(shown));
}

/** Runs in the page: its title, its texts and what only some readers hear or see, but for what is data. */
export function shownTexts(): string[] {
  const all = new Set([document.title]);
  const isData = (element: Element | null) =>
    element?.closest("[lang=en], code, pre, textarea, script, style, .mono") != null;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!isData(node.parentElement)) all.add((node.textContent ?? "").trim());
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
    if (!isData(element))
      for (const name of ["aria-label", "title", "placeholder", "alt"])
        all.add(element.getAttribute(name)?.trim() ?? "");
  all.delete("");
  return [...all];
}
