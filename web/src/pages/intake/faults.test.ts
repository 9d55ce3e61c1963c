// What could not be read, in the reader's language.
import { afterEach, expect, test } from "vitest";
import { setLanguage } from "@/i18n";
import { joined } from "@/i18n/parts";
import { type Fault, faultParts, partText } from "./faults";

const faultText = (code: string, error: unknown) => joined(faultParts(code, error));

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
    fault({ x12: "X12-ELEMENT-SHORT", found: "A", expected: "2 to 17 characters" }),
    "An element is too short (segment 4, BEG05): found A, expected 2 to 17 characters",
    "Ein Element ist zu kurz (Segment 4, BEG05): gefunden A, erwartet 2 bis 17 Zeichen",
  ],
  [
    fault({ x12: "X12-ELEMENT-PAIRED", found: "", expected: "both of N103 and N104 or neither" }),
    "An element is missing that another needs (segment 4, BEG05): found –, expected both of N103 and N104 or neither",
    "Ein Element fehlt, das ein anderes braucht (Segment 4, BEG05): gefunden –, erwartet beide von N103 und N104 oder keines",
  ],
  [
    fault({
      ...{ code: "not_a_statement", place: "none", key: "", found: "orderd" },
      expected: "a key that statements have such as `ordered`",
    }),
    "The mapping gave no statement: found orderd, expected a key that statements have such as ordered",
    "Die Abbildung ergab keine Aussage: gefunden orderd, erwartet ein Schlüssel, den Aussagen haben wie ordered",
  ],
  [
    fault({
      ...{ code: "mapping_failed", place: "none", key: "", found: "cannot index 3 with 0" },
      expected: "what the mapping `orders` can read",
    }),
    "The mapping failed on it: found cannot index 3 with 0, expected what the mapping orders can read",
    "Die Abbildung ist daran gescheitert: gefunden „cannot index 3 with 0“, erwartet was die Abbildung orders lesen kann",
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

test("what the server itself found wrong is a sentence, where it has one", () => {
  const wording = { name: "connector_away", values: { source: "parcels", connector: "tms" } };
  const error = { message: "in English", wording };
  setLanguage("de");
  const told = faultText("no_connector", error);
  expect(told).toContain("parcels");
  expect(told).not.toContain("English");
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
