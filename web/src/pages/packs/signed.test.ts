import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { setLanguage } from "@/i18n";
import { DIFFERENCES, signedLine } from "./signed";

afterEach(() => setLanguage("en"));

test.each([
  ["- ST 0001: says nothing", "- ST 0001: sagt nichts"],
  ["+ 1: says order O10 at 2026-05-03: ok", "+ 1: sagt order O10 at 2026-05-03: ok"],
  ["+ 1: fault X12-SE-COUNT: 3", "+ 1: Fehler X12-SE-COUNT: 3"],
  ["! again.json is another message", "! again.json ist eine andere Nachricht"],
  ["no connector is called `a`; did you mean `b`?", "kein Konnektor heißt `a`; meinten Sie `b`?"],
  ["    - order O10", "    - order O10"],
])("%s", (english, german) => {
  expect(signedLine(english)).toBe(english);
  setLanguage("de");
  expect(signedLine(english)).toBe(german);
});

test("what is said of a difference is said in the source's words", () => {
  const source = readFileSync(
    join(import.meta.dirname, "../../../../crates/baton-packs/src/fixture.rs"),
    "utf8",
  );
  // A line is put together of a name, a key such as "says", and a statement.
  const own = Object.keys(DIFFERENCES).flatMap((line) => line.split(/\{\d\}| is |`/));
  const words = own.map((part) => part.replace(/^: (?=\w+ $)/, "").trim());
  expect(words.filter((part) => !source.includes(part))).toEqual([]);
});
