// What of the orders page stands in the address bar: filters, sort, columns, table or board.
import type { OrderFilter } from "@/api/queries";

export interface OrdersSearch {
  q?: string;
  phase?: string;
  holder?: string;
  partner?: string;
  exception?: string;
  late?: boolean;
  troubled?: boolean;
  /** Only those of the reader's own customers. */
  my_customers?: boolean;
  promised_from?: string;
  promised_to?: string;
  sort?: Sort;
  view?: "board";
  /** Columns that the reader chose, by id; else as many as have room. */
  columns?: string;
  /** Columns that are hidden, by id: how views were kept before one could choose. */
  without?: string;
}

export type Sort = "updated" | "promised" | "late";

const WORDS = [
  "q",
  "phase",
  "holder",
  "partner",
  "exception",
  "promised_from",
  "promised_to",
  "columns",
  "without",
] as const;

/** Takes what it knows and leaves out the rest; an address that was mistyped still opens. */
export function ordersSearch(given: Record<string, unknown>): OrdersSearch {
  const search: OrdersSearch = {};
  for (const name of WORDS) {
    const value = given[name];
    if (value !== undefined && value !== null && String(value) !== "") search[name] = String(value);
  }
  if (given.late === true) search.late = true;
  if (given.troubled === true) search.troubled = true;
  if (given.my_customers === true) search.my_customers = true;
  if (given.sort === "updated" || given.sort === "promised" || given.sort === "late")
    search.sort = given.sort;
  if (given.view === "board") search.view = "board";
  return search;
}

/** The filter of the API; days become instants of the reader's zone. */
export function filterOf({
  view: _,
  without: __,
  columns: ___,
  ...search
}: OrdersSearch): OrderFilter {
  const start = (day: string | undefined) =>
    day === undefined || Number.isNaN(Date.parse(`${day}T00:00`))
      ? undefined
      : new Date(`${day}T00:00`).toISOString();
  return {
    ...search,
    promised_from: start(search.promised_from),
    promised_to: start(search.promised_to),
  };
}
