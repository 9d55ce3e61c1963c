// Texts with words in them that have none in the reader's language, as a parser's own: these are quoted in English,
// and marked so, for whoever has the page read out.
import { type Key, text } from "./index";

export interface Quote {
  quote: string;
}
export type Part = string | Quote;

const PLACE = /(\{\w+\})/;

/** A text with its values put in, some of them quotations. */
export function parts(key: Key, values: Record<string, Part>): Part[] {
  return text(key)
    .split(PLACE)
    .map((part) => (PLACE.test(part) ? (values[part.slice(1, -1)] ?? part) : part))
    .filter((part) => part !== "");
}

/** The same as a text, for places that hold nothing else. */
export const joined = (all: Part[]): string =>
  all.map((part) => (typeof part === "string" ? part : `„${part.quote}“`)).join("");
