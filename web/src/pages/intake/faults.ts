// What of a message could not be read, in the reader's language: what is wrong, where, what stood there, and what
// was to stand there. What the catalogue has no words for is quoted as the server says it.
import type { Place } from "@/api/types";
import { language, text, word } from "@/i18n";
import { EXPECTED } from "@/i18n/unread";
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

/** Without the marks by which a terminal sets values apart. */
export function expectedText({ expected }: Fault): string {
  const bare = (words: string) => words.replaceAll("`", "");
  if (language() === "en" || /^`[^`]*`$/.test(expected)) return bare(expected);
  const known = EXPECTED[expected];
  if (known !== undefined) return bare(known);
  return expected === "" ? "" : `„${bare(expected)}“`;
}

/** The first fault in one line; the server's own words, where it tells of none. */
export function faultText(code: string, error: unknown): string {
  const fault = faultsOf(error)[0];
  if (fault === undefined) return saidText(code, error);
  const where = faultPlace(fault);
  const title = faultTitle(fault);
  const what = where ? text("quarantine.at", { what: title, where }) : title;
  const [found, expected] = [fault.found || "–", expectedText(fault)];
  return expected === ""
    ? text("quarantine.fault_found", { what, found })
    : text("quarantine.fault", { what, found, expected });
}

/** What the server itself found wrong: its name, and the sentence that says the particulars. */
export function saidText(code: string, error: unknown): string {
  const message = errorText(error);
  if (!WORDS.unread?.[code]) return message;
  const detail = language() === "en" ? message : text("refused.quoted", { detail: message });
  return `${word("unread", code)}. ${detail}`;
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
