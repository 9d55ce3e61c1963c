// What of an exception a reader is shown first, and in which groups. The ranking itself is the server's,
// over all that there are; here is what it rests on, and what to show of it. Pure.
import type { ExceptionRow } from "@/api/types";

/** The greatest value among the orders that are touched; of a currency each, which is enough to rank. */
export function stake(row: ExceptionRow): { amount: string; currency: string } | null {
  const values = row.orders.flatMap((order) => (order.value ? [order.value] : []));
  return values.sort((a, b) => Number(b.amount) - Number(a.amount))[0] ?? null;
}

/** Nothing can be saved any more of an order in one of these. */
const DONE = new Set(["delivered", "closed", "cancelled"]);

/** The earliest promise among the orders that are touched and still under way. */
export function due(row: ExceptionRow): string | null {
  const open = row.orders.filter((order) => !DONE.has(order.phase));
  return open.flatMap((order) => order.promised_at ?? []).sort()[0] ?? null;
}

export interface Group {
  key: string;
  rows: ExceptionRow[];
}

export type GroupBy = "code" | "partner" | "order" | "none";

/** Rows in groups, as they come: the group of the first row is the first. */
export function grouped(rows: ExceptionRow[], by: GroupBy): Group[] {
  const keyOf = (row: ExceptionRow): string => {
    switch (by) {
      case "code":
        return row.code;
      case "partner":
        return row.partner ?? "";
      case "order":
        return row.orders[0]?.number ?? "";
      case "none":
        return "";
    }
  };
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key) ?? { key, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}
