// What the server finds wrong with a pack, in the words of whoever wrote it. Pure.
import { Refused } from "@/api/client";
import type { components } from "@/api/openapi";
import { text, word } from "@/i18n";
import type { PackWords } from "./words";

export type Finding = components["schemas"]["FindingItem"];

/** The findings of a refusal; null where it was refused for something else. */
export function findingsOf(error: unknown): Finding[] | null {
  const findings = error instanceof Refused ? error.problem.findings : null;
  return Array.isArray(findings) ? (findings as Finding[]) : null;
}

export function findingText(
  { code, found, expected, nearest }: Omit<Finding, "file" | "line" | "column">,
  words: PackWords,
): string {
  const near = nearest ? ` ${text("packs.nearest", { nearest })}` : "";
  const said = found === "" ? "packs.finding_missing" : "packs.finding";
  const what = word("finding", code);
  return text(said, { what, found, expected: words.expected(expected) }) + near;
}
