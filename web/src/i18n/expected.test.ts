// What the server says of messages in English, as its sources have it, is said in German, and nothing else is.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UNDELIVERED } from "./delivery";
import { EXPECTED, expectedInGerman, FOUND, foundInGerman } from "./expected";

const CRATES = join(import.meta.dirname, "../../../crates");
/** Where the sources say what a message should have had, and what it had instead. */
const PLACES: Record<string, RegExp> = {
  "baton-formats/src/x12": /^(?:content|document|header_checks|hierarchy|tree|envelope\/\w+)\.rs$/,
  "baton-packs/src": /^(?:reading|moment|statement|statement\/\w+|x12|jq\/guard)\.rs$/,
};
/** What else they say: names of parts, what joins others, and what a mapping's author is told by jq. */
const OTHERS = [
  / (?:and|or) $/,
  /^ such as/,
  /^\{\} \{\}$/,
  /^(?:further|line|ISA) (?!or|with|before)/,
  /^a text (?:nests|would|is)/,
];

const places = (text: string) => text.replace(/\{\w*(?::\w+)?\}/g, "{}");

function literals(): Set<string> {
  const all = new Set<string>();
  for (const [folder, form] of Object.entries(PLACES)) {
    const root = join(CRATES, folder);
    for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
      if (!form.test(name) || name.includes("tests")) continue;
      const source = readFileSync(join(root, name), "utf8").split("#[cfg(test)]")[0] ?? "";
      const code = source.replace(/^\s*\/\/.*$/gm, "").replace(/b'"'/g, "");
      for (const found of code.matchAll(/(?<![\w'])"((?:[^"\\]|\\.)*)"/g)) {
        const text = places((found[1] ?? "").replaceAll('\\"', '"'));
        if (/[A-Za-z`] | [a-z`{[]/.test(text) && !text.includes("\\n")) all.add(text);
      }
    }
  }
  return all;
}

test("each phrase of the sources has its German, and nothing else has", () => {
  const known = new Set([...Object.keys(EXPECTED), ...Object.keys(FOUND)].map(places));
  const said = literals();
  expect([...said].filter((text) => !known.has(text) && !OTHERS.some((o) => o.test(text)))).toEqual(
    [],
  );
  const words = readdirSync(CRATES, { recursive: true, encoding: "utf8" })
    .filter((name) => /baton-(?:formats|packs)\/src\/.*\.rs$/.test(name))
    .map((name) => readFileSync(join(CRATES, name), "utf8").replaceAll('\\"', '"'))
    .join("\n");
  const all = places(words);
  expect([...known].filter((text) => !all.includes(`"${text}"`))).toEqual([]);
});

test.each([
  ["2 to 17 characters", "2 bis 17 Zeichen"],
  ["at most 64 levels", "höchstens 64 Ebenen"],
  ["at most 3", "höchstens 3"],
  ["at least one of N101 and N102", "mindestens eines von N101 und N102"],
  ["a value beside REF02", "ein Wert neben REF02"],
  ["a code table of the active packs", "eine Codetabelle der Pakete in Kraft"],
  [
    "a code table of the active packs such as `states`",
    "eine Codetabelle der Pakete in Kraft wie `states`",
  ],
  ["of another version", null],
])("%s is %s", (english, german) => {
  expect(expectedInGerman(english)).toBe(german);
});

test("what was found is said where the server says it", () => {
  expect(foundInGerman("deep nesting at byte 7")).toBe("tiefe Schachtelung an Byte 7");
});

test("why something was not delivered is said in the server's words", () => {
  const folder = join(CRATES, "baton-server/src");
  const sources = ["dispatch.rs", "dispatch/webhook.rs"]
    .map((name) => places(readFileSync(join(folder, name), "utf8")))
    .join("\n");
  const gone = Object.keys(UNDELIVERED).filter((text) => !sources.includes(`"${places(text)}"`));
  expect(gone).toEqual([]);
});
