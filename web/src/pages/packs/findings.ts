// What the server finds wrong with a pack, in the words of whoever wrote it. Pure.
import { Refused } from "@/api/client";
import { text } from "@/i18n";

export interface Finding {
  file: string;
  line: number;
  column: number;
  found: string;
  expected: string;
  nearest?: string | null;
}

/** The findings of a refusal; null where it was refused for something else. */
export function findingsOf(error: unknown): Finding[] | null {
  const findings = error instanceof Refused ? error.problem.findings : null;
  return Array.isArray(findings) ? (findings as Finding[]) : null;
}

export function findingText({
  found,
  expected,
  nearest,
}: Pick<Finding, "found" | "expected" | "nearest">): string {
  const near = nearest ? ` ${text("packs.nearest", { nearest })}` : "";
  return text("packs.finding", { found, expected }) + near;
}
