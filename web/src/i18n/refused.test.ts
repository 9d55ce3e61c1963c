// Refusals in German: by the sentence's name and values; what has no name is quoted.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Problem } from "@/api/client";
import { setLanguage } from "./index";
import { refused } from "./refused";

beforeEach(() => setLanguage("de"));
afterEach(() => setLanguage("en"));

const problem = (name: string | null, values: Record<string, string>): Problem => ({
  ...{ type: "", title: "", status: 422, code: "value_wrong", detail: "in English" },
  wording: name === null ? null : { name, values },
});

test.each([
  ["name_wrong", { field: "source", most: "60" }, "„Quelle“ besteht aus 1 bis 60 Klein", ""],
  [
    "none_of",
    { field: "phase", found: "x", known: "placed, of_another_version" },
    "„x“ ist keines von Bestellt, of_another_version.",
    "",
  ],
  ["body_long", { most: "1048576" }, "Das sind mehr als 1.048.576 Bytes.", ""],
  [
    "faint_but_near",
    { colour: "#fff", place: "links_light", contrast: "1.5", least: "4.5", near: "#777" },
    "Links auf hellen Seiten. Der Kontrast ist 1,5 zu 1, nötig sind mindestens 4,5; #777",
    "",
  ],
  ["order_unknown_at", { key: "ord_1", at: "2026-03-05T10:00:00Z" }, "05.03.2026", ""],
  ["not_found", { what: "order", key: "7" }, "Es gibt den Auftrag „7“ nicht.", ""],
  ["field", { field: "unheard_of" }, "Es geht um „unheard_of“.", "in English"],
  ["place", { line: "1", column: "2" }, "Es steht in Zeile 1, Spalte 2.", "in English"],
  ["overlap_long", { length: "30d" }, "höchstens 30 T", ""],
  [
    "pack_fault",
    { finding: "bad_value", file: "pack.yaml", line: "3", column: "9" },
    "Der Wert ist unbrauchbar (pack.yaml, Zeile 3, Spalte 9).",
    "",
  ],
  [null, {}, "", "in English"],
  ["of_another_version", {}, "", "in English"],
] as const)("%s with %o", (name, values, part, quoted) => {
  const told = refused(problem(name, values));
  expect(told.detail).toContain(part);
  expect(told.quoted).toBe(quoted);
});
