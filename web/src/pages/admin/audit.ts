// What of the record's page stands in the address bar, and the same as the API's filter.
import type { AuditFilter } from "@/api/queries";

const KINDS = ["act", "refusal", "delivery"] as const;
const WORDS = ["who", "operation", "subject_kind", "subject", "from", "until"] as const;

export interface AuditSearch {
  kind?: (typeof KINDS)[number];
  who?: string;
  operation?: string;
  subject_kind?: string;
  subject?: string;
  /** Days of the reader's zone, both shown. */
  from?: string;
  until?: string;
  of?: "operator";
}

/** Takes what it knows and leaves out the rest; an address that was mistyped still opens. */
export function auditSearch(given: Record<string, unknown>): AuditSearch {
  const search: AuditSearch = {};
  const kind = KINDS.find((known) => known === given.kind);
  if (kind) search.kind = kind;
  if (given.of === "operator") search.of = "operator";
  for (const name of WORDS) {
    const value = given[name];
    if (value !== undefined && value !== null && String(value) !== "") search[name] = String(value);
  }
  return search;
}

/** The beginning of a day, or of the one after it, in the reader's zone. */
function day(text: string | undefined, later = 0): string | undefined {
  if (text === undefined || Number.isNaN(Date.parse(`${text}T00:00`))) return undefined;
  const begin = new Date(`${text}T00:00`);
  begin.setDate(begin.getDate() + later);
  return begin.toISOString();
}

export const auditFilter = ({ from, until, ...search }: AuditSearch): AuditFilter => ({
  ...search,
  from: day(from),
  until: day(until, 1),
});

/** Where the file is that has what the filter finds. */
export function exportAddress(filter: AuditFilter, format: "ndjson" | "csv"): string {
  const query = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, String(value));
  return `/v1/audit/export?${query}`;
}

/** The page about a subject, where there is one. */
export function placeOf(kind: string, subject: string): string | null {
  if (subject === "") return null;
  if (kind === "order") return `/orders/${subject}`;
  if (kind === "quarantine") return `/intake/quarantine/${subject}`;
  if (kind === "pack" && !subject.includes(",")) return `/packs/${subject}`;
  return null;
}
