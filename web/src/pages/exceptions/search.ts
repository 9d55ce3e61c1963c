// What of the exceptions page stands in the address bar.
import type { ExceptionFilter } from "@/api/queries";

export interface ExceptionsSearch {
  state?: string;
  code?: string;
  partner?: string;
  severity_min?: number;
  /** Only those about money. */
  money?: boolean;
  /** Only those of orders of the reader's own customers. */
  my_customers?: boolean;
  by?: "code" | "partner" | "order" | "none";
  /** The exception that is open. */
  at?: string;
}

const GROUPS = ["code", "partner", "order", "none"] as const;

export function exceptionsSearch(given: Record<string, unknown>): ExceptionsSearch {
  const search: ExceptionsSearch = {};
  for (const name of ["state", "code", "partner", "at"] as const) {
    const value = given[name];
    if (typeof value === "string" && value !== "") search[name] = value;
  }
  const severity = Number(given.severity_min);
  if (severity >= 1 && severity <= 4) search.severity_min = severity;
  if (given.money === true) search.money = true;
  if (given.my_customers === true) search.my_customers = true;
  const by = GROUPS.find((known) => known === given.by);
  if (by) search.by = by;
  return search;
}

/** The filter of the API: what is open comes by rank, what is closed has none. */
export function filterOf({ by: _, at: __, state, ...filter }: ExceptionsSearch): ExceptionFilter {
  return { ...filter, ...(state === undefined || state === "open" ? { sort: "rank" } : { state }) };
}
