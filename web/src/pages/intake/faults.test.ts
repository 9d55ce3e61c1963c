// What could not be read, in the reader's language.
import { afterEach, expect, test } from "vitest";
import { setLanguage } from "@/i18n";
import { type Fault, faultText, partText } from "./faults";

afterEach(() => setLanguage("en"));

const fault = (change: Partial<Fault>): Fault => ({
  code: "broken_set",
  expected: "a date as CCYYMMDD",
  found: "20261301",
  key: "BEG05",
  place: { segment: { number: 4, offset: 90, length: 8 } },
  ...change,
});

test.each([
  [
    fault({ x12: "X12-ELEMENT-DATE" }),
    "An element is not a date (segment 4, BEG05): found 20261301, expected a date as CCYYMMDD",
    "Ein Element ist kein Datum (Segment 4, BEG05): gefunden 20261301, erwartet ein Datum als JJJJMMTT",
  ],
  [
    fault({ x12: "X12-SE-COUNT", key: "SE01", found: "9", expected: "`8`" }),
    "SE01 is not the number of segments (segment 4, SE01): found 9, expected 8",
    "SE01 ist nicht die Zahl der Segmente (Segment 4, SE01): gefunden 9, erwartet 8",
  ],
  [
    fault({ code: "no_mapping", place: "none", key: "", expected: "a message that `x` is for" }),
    "No mapping is for such a message: found 20261301, expected a message that x is for",
    "Für solche Nachrichten gibt es keine Abbildung: gefunden 20261301, erwartet „a message that x is for“",
  ],
  [
    fault({ x12: "X12-SE-UNEXPECTED", expected: "", found: "" }),
    "An SE closes no set (segment 4, BEG05): found –",
    "Ein SE schließt keinen Nachrichtensatz ab (Segment 4, BEG05): gefunden –",
  ],
  [
    fault({ code: "of_another_version", place: { line: 3 }, key: "", expected: "a text" }),
    "of_another_version (line 3): found 20261301, expected a text",
    "of_another_version (Zeile 3): gefunden 20261301, erwartet ein Text",
  ],
])("%o is told in both languages", (given, english, german) => {
  const error = { message: "in English", faults: [given] };
  expect(faultText(given.code, error)).toBe(english);
  setLanguage("de");
  expect(faultText(given.code, error)).toBe(german);
});

test.each([
  ["no_source", "The tenant has no such source. so", "Der Mandant hat diese Quelle nicht."],
  ["of_another_version", "so", "so"],
])("what the server itself found wrong is named, and quoted: %s", (code, english, german) => {
  expect(faultText(code, { message: "so" })).toBe(english);
  setLanguage("de");
  expect(faultText(code, { message: "so" })).toContain(german);
});

test.each([
  ["", "The whole message"],
  ["message", "The whole message"],
  ["line 3", "line 3"],
  ["further sets", "Further sets"],
  ["ISA 000000101 / GS 1 / ST 0001", "ISA 000000101 / GS 1 / ST 0001"],
])("the part %j is %j", (part, shown) => {
  expect(partText(part)).toBe(shown);
});
