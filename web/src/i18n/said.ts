// What is wrong, as a sentence in the reader's language. The API says it in English, and as the name of a
// sentence with its values; codes, instants and lengths among these are put into words here.
import type { NameOf } from "@/api/names";
import type { Wording } from "@/api/types";
import { en } from "./en";
import { dateTime, length, readable, secondsOf } from "./format";
import { type Key, language, text, word } from "./index";
import type { Part } from "./parts";
import { WORDS } from "./words";

const INSTANTS = new Set(["at", "due", "received"]);
const LENGTHS = new Set(["length"]);
/** Kinds of words that a value may be a code of. */
const KINDS: Record<string, string> = {
  milestone: "milestone",
  earlier: "milestone",
  milestones: "milestone",
  exception: "exception",
  measure: "measure",
  from: "measure",
  field: "field",
  ground: "ground",
  handoff: "handoff",
  clock: "agreed",
  who: "party",
  giver: "party",
  taker: "party",
};

const AN_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function shown(name: string, value: string, nameOf: NameOf): string {
  if (INSTANTS.has(name) || AN_INSTANT.test(value)) return dateTime(value);
  if (LENGTHS.has(name)) return length(secondsOf(value));
  const kind = KINDS[name];
  if (kind === undefined) return value;
  const or = ` ${text("said.or")} `;
  return value
    .split("|")
    .map((code) => {
      if (WORDS[kind]?.[code]) return word(kind, code);
      const awaited = word("awaited", code);
      return kind === "party" && awaited === code ? nameOf(code) : awaited;
    })
    .join(or);
}

/** The sentence of an exception; the API's own, where there is none of that name. */
export function said(
  { summary, wording }: { summary: string; wording?: Wording | null },
  nameOf: NameOf,
): string {
  const values = wording?.values ?? {};
  const line = values.line ? text("said.line", { line: values.line }) : "";
  const name = wording?.name === "disagree" ? disagreement(values) : (wording?.name ?? "");
  const key = `said.${name}`;
  if (name === "" || !(key in en)) return readable(summary);
  const filled = Object.entries(values).map(([name, value]) => [name, shown(name, value, nameOf)]);
  return text(key as Key, { ...Object.fromEntries(filled), line }).trim();
}

/** What sources disagree about: a quantity, a field, or when something happened. */
const disagreement = (values: Record<string, string>): string =>
  values.measure ? "disagree_measure" : values.field ? "disagree_field" : "disagree_milestone";

/** What is found wrong by others than the server, in their own words. */
const FOUND_BY_OTHERS = new Set([
  "disk_refuses",
  "letters_unanswered",
  "packs_faulty",
  "provider_unanswered",
]);

function examinedPart(said: string): string {
  const provider = /^sign-in by (.+)$/.exec(said)?.[1];
  return provider === undefined ? word("examined", said) : text("health.sign_in_by", { provider });
}

/** A line of the system's examination: what it is about, what was found, and what to do. */
export function examined(line: {
  what: string;
  found: string;
  what_to_do?: string;
  wording?: Wording | null;
}): { what: string; found: Part[]; so: string } {
  const [about = "", tenant] = line.what.split(" of ");
  const what = examinedPart(about) + (tenant === undefined ? "" : ` · ${tenant}`);
  const name = line.wording?.name ?? "";
  const key = `health.${name}`;
  if (!(key in en) || (language() === "en" && FOUND_BY_OTHERS.has(name)))
    return { what, found: [line.found], so: line.what_to_do ?? "" };
  const values = Object.fromEntries(
    Object.entries(line.wording?.values ?? {}).map(([name, value]) => [
      name,
      LENGTHS.has(name) ? length(secondsOf(value)) : value,
    ]),
  );
  const found: Part[] = [text(key as Key, values)];
  if (FOUND_BY_OTHERS.has(name))
    found.push(`. ${text("state.server_says")} `, { quote: line.found });
  const so = `${key}_so`;
  return { what, found, so: so in en ? text(so as Key, values) : "" };
}
