// What of a message could not be read, in the reader's language: what is wrong, where, what stood there, and what
// was to stand there. What the catalogue has no words for is quoted as the server says it.
import type { Place, Wording } from "@/api/types";
import { language, text, word } from "@/i18n";
import { expectedInGerman, foundInGerman } from "@/i18n/expected";
import { type Part, parts } from "@/i18n/parts";
import { isPlace, sentence } from "@/i18n/refused";
import { WORDS } from "@/i18n/words";

export interface Fault {
  code: string;
  /** The code of the X12 reader, which says more. */
  x12?: string;
  expected: string;
  found: string;
  key: string;
  place: Place;
}

export function faultsOf(error: unknown): Fault[] {
  const faults = (error as { faults?: unknown } | null)?.faults;
  return Array.isArray(faults) ? (faults as Fault[]) : [];
}

/** What a fault is called. */
export const faultTitle = ({ code, x12 }: Fault): string => word("unread", x12 ?? code);

/** Where it is: in the message, and in what the mapping made of it. */
export const faultPlace = ({ place, key }: Fault): string =>
  [placeText(place), key].filter(Boolean).join(", ");

const bare = (words: string) => words.replaceAll("`", "");

/** The server's words in German where there are any; else in its English. */
function said(words: string, inGerman: (english: string) => string | null): Part {
  if (language() === "en" || words === "" || /^`[^`]*`$/.test(words)) return bare(words);
  const known = inGerman(words);
  return known === null ? { quote: bare(words) } : bare(known);
}

/** What was expected, without the marks by which a terminal sets values apart. */
export const expected = (fault: Fault): Part => said(fault.expected, expectedInGerman);

/** Faults of which the server says what was found, and not the message. */
const FOUND_BY_SERVER = new Set(["limit_exceeded", "mapping_failed", "not_readable"]);

export const found = ({ code, x12, found }: Fault): Part =>
  FOUND_BY_SERVER.has(code) || x12 === "X12-FILE-LENGTH" ? said(found, foundInGerman) : found;

/** The first fault in one line; the server's own words, where it tells of none. */
export function faultParts(code: string, error: unknown): Part[] {
  const fault = faultsOf(error)[0];
  if (fault === undefined) return saidParts(code, error);
  const where = faultPlace(fault);
  const title = faultTitle(fault);
  const what = where ? text("quarantine.at", { what: title, where }) : title;
  const values = { what, found: found(fault) || "–", expected: expected(fault) };
  return parts(values.expected === "" ? "quarantine.fault_found" : "quarantine.fault", values);
}

/** What the server itself found wrong: its name, and the sentence that says the particulars. */
export function saidParts(code: string, error: unknown): Part[] {
  const message = errorText(error);
  if (!WORDS.unread?.[code]) return [message];
  const title = `${word("unread", code)}. `;
  if (language() === "en") return [title + message];
  const { wording } = error as { wording?: Wording };
  const own = sentence(wording);
  if (own !== null && !isPlace(wording)) return [title + own];
  return [`${title}${own ?? ""} ${text("state.server_says")} `, { quote: message }];
}

/** What part of the message it is; the server names parts by what they are called in the message. */
export function partText(part: string): string {
  const line = /^line (\d+)$/.exec(part);
  if (line) return text("place.line", { line: Number(line[1]) });
  return part === "" ? text("quarantine.whole") : word("part", part);
}

export function placeText(place: Place): string {
  if (typeof place !== "object") return "";
  if ("pointer" in place) return place.pointer;
  if ("segment" in place) return text("place.segment", { number: place.segment.number });
  return text("place.line", { line: place.line });
}

/** The sentence of an error of the quarantine. */
export function errorText(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === "string" ? message : JSON.stringify(error);
}
