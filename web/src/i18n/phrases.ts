// The server's English in German, phrase by phrase. A phrase may have places for values, as `{1}`; `{list}` is a list
// that English joins by "and" or "or", and `{hint}` a name that was probably meant, where there is one.
export type Phrases = Record<string, string>;

const ESCAPED = /[.*+?^$()|[\]\\/]/g;
const PLACE = /\{(\w+)\}/g;
const HINT = "( such as `[^`]*`)?";

function pattern(english: string): RegExp {
  const form = english
    .replace(ESCAPED, "\\$&")
    .replace(PLACE, (_, name: string) =>
      name === "hint" ? `(?<_hint>${HINT})` : `(?<_${name}>.+?)`,
    );
  return new RegExp(`^${form}$`, "s");
}

function value(name: string, english: string): string {
  if (name === "hint") return english.replace("such as", "wie");
  return name === "list"
    ? english.replaceAll(" and ", " und ").replaceAll(" or ", " oder ")
    : english;
}

/** Says a phrase of the table in German; null for what is none of them. */
export function phrases(table: Phrases): (english: string) => string | null {
  const made = Object.entries(table)
    .filter(([english]) => english.search(PLACE) >= 0)
    // The one with more words of its own is meant.
    .sort(([a], [b]) => b.length - a.length)
    .map(([english, german]) => ({ form: pattern(english), german }));
  return (english) => {
    if (Object.hasOwn(table, english)) return table[english] ?? null;
    for (const { form, german } of made) {
      const found = form.exec(english)?.groups;
      if (found)
        return german.replace(PLACE, (_, name: string) => value(name, found[`_${name}`] ?? ""));
    }
    return null;
  };
}
