// A line of the record of acts in the reader's words: who did it, and what it says beside its columns.
import type { NameOf } from "@/api/names";
import { text, word } from "@/i18n";
import { AT_THE_MACHINE, actor } from "@/i18n/actor";
import { undelivered } from "@/i18n/delivery";
import { count, dateTime } from "@/i18n/format";
import { joined } from "@/i18n/parts";
import { WORDS } from "@/i18n/words";

/** Fields whose values are codes, and the kinds of words that these may be of. */
const KINDS: Record<string, string[]> = {
  code: ["unread"],
  role: ["role", "party"],
  word: ["request_word"],
};

function shown(name: string, value: unknown): string {
  if (typeof value === "boolean") return text(value ? "audit.yes" : "audit.no");
  if (typeof value === "number") return count(value);
  if (Array.isArray(value) && value.every((each) => typeof each === "string"))
    return value.join(", ");
  if (typeof value !== "string") return JSON.stringify(value);
  if (name === "last_error") return joined([undelivered(value)]);
  if (name.endsWith("_at") && !Number.isNaN(Date.parse(value))) return dateTime(value);
  const kind = (KINDS[name] ?? []).find((each) => WORDS[each]?.[value]);
  if (kind !== undefined) return word(kind, value);
  const own = `${name} ${value}`;
  return WORDS.told_value?.[own] ? word("told_value", own) : value;
}

/** Something that a line says beside its columns. */
export interface Told {
  name: string;
  shown: string;
  /** The key of what is called by a name. */
  key: string | null;
}

/** What a line says beside its columns; what has no words here is as the record has it. */
export function detailsOf(detail: unknown, nameOf: NameOf): Told[] {
  if (typeof detail !== "object" || detail === null) return [];
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => {
      const key = name === "partner" && typeof value === "string" ? value : null;
      return {
        name: word("told", name),
        shown: key === null ? shown(name, value) : nameOf(key),
        key,
      };
    });
}

/** Who did it, and by what they are known: an id, or where they sit. */
export function whoOf({ who, name }: { who: string; name: string }): { name: string; id: string } {
  const id = who === AT_THE_MACHINE ? text("audit.local_by") : who;
  const nameless = name === "" || name === AT_THE_MACHINE;
  return { name: nameless ? actor(who) : name, id };
}
