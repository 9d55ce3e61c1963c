// What the server finds wrong with a pack, in the words of whoever wrote it. Pure.
import { Refused } from "@/api/client";
import type { components } from "@/api/openapi";
import { text, word } from "@/i18n";
import { type Part, parts } from "@/i18n/parts";
import type { PackWords } from "./words";

export type Finding = components["schemas"]["FindingItem"];

/** The findings of a refusal; null where it was refused for something else. */
export function findingsOf(error: unknown): Finding[] | null {
  const findings = error instanceof Refused ? error.problem.findings : null;
  return Array.isArray(findings) ? (findings as Finding[]) : null;
}

/** Codes of findings whose `found` is what a parser says, unless it is the server's. */
const PARSERS = new Set(["yaml_syntax", "cel_syntax", "file_unreadable"]);

export function findingParts(
  { code, found, expected, nearest }: Omit<Finding, "file" | "line" | "column">,
  words: PackWords,
): Part[] {
  const what = word("finding", code);
  const own = expected === "each key once" ? found : words.found(found);
  const values = {
    what,
    found: own ?? (PARSERS.has(code) ? words.parser(found) : found),
    expected: words.expected(expected),
  };
  const told = parts(found === "" ? "packs.finding_missing" : "packs.finding", values);
  return nearest ? [...told, ` ${text("packs.nearest", { nearest })}`] : told;
}
