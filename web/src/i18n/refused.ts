// A refusal in the reader's language: by its code what it is called and what to do, by the name of its sentence
// what was wrong in this call. What the server has no name for is quoted in its own English; a code that these
// pages do not know is told as the server tells it.
import type { Problem } from "@/api/client";
import { en } from "./en";
import { exact, length, secondsOf } from "./format";
import { type Key, language, text, word } from "./index";
import { WORDS } from "./words";

export interface Told {
  title: string;
  /** What was wrong in this call, in the reader's language; else in the server's words. */
  detail: string;
  /** The server's words, where the reader's own do not say all of it. */
  quoted: string;
  remedy: string;
}

/** Values that are codes, and of which kind. */
const KINDS: Record<string, string> = {
  what: "thing",
  why: "why",
  role: "role",
  standing: "request",
  field: "param",
  place: "contrast",
  finding: "finding",
  kind: "object",
  own_kind: "object",
};
/** Values that are numbers, and are written as the reader's language writes them. */
const NUMBERS = new Set(
  "column contrast count days height least line most people seconds width".split(" "),
);

/** Sentences that say where something is wrong; what is, the server says in the words of what reads it. */
const PLACES = new Set("field header parameter place".split(" "));

export const isPlace = (wording: Problem["wording"]) => PLACES.has(wording?.name ?? "");

/** Fields whose values are codes, and of which kinds. */
const CODES: Record<string, string[]> = {
  phase: ["phase"],
  state: ["quarantine_state", "exception_state"],
};

function coded(kinds: string[], code: string): string {
  const kind = kinds.find((each) => WORDS[each]?.[code]);
  return kind === undefined ? code : word(kind, code);
}

export function refused({ code, title, detail, wording }: Problem): Told {
  const known = WORDS.refusal?.[code] !== undefined;
  const own = sentence(wording);
  const all = own !== null && !isPlace(wording);
  const inEnglish = language() === "en";
  return {
    title: known ? word("refusal", code) : title,
    detail: inEnglish ? detail : (own ?? ""),
    quoted: inEnglish || all ? "" : detail,
    remedy: known ? word("remedy", code) : "",
  };
}

/** The sentence of a wording in the reader's language; null where it has none here. */
export function sentence(wording: Problem["wording"]): string | null {
  // What there is one of, as a session, has no name.
  const nameless = wording?.name === "conflict" && wording.values.key === "" ? "_nameless" : "";
  const key = `refused.${wording?.name ?? ""}${nameless}`;
  if (!wording || !(key in en)) return null;
  const own = CODES[wording.values.field ?? ""] ?? [];
  const shown = Object.entries(wording.values).map(([name, value]): [string, string | number] => {
    const kind = KINDS[name];
    if (NUMBERS.has(name) && Number.isFinite(Number(value))) return [name, Number(value)];
    if (name === "known")
      return [
        name,
        value
          .split(", ")
          .map((each) => coded(own, each))
          .join(", "),
      ];
    if (name === "at") return [name, exact(value)];
    if (name === "length") return [name, length(secondsOf(value))];
    return [name, kind === undefined ? value : word(kind, value)];
  });
  return text(key as Key, Object.fromEntries(shown));
}
