// Which exception first: by severity, by money and by time, with the arithmetic shown. Pure.
import type { ExceptionRow } from "@/api/types";

/** What each part adds; a reader may check the sum. */
export interface Rank {
  severity: number;
  money: number;
  time: number;
  sum: number;
}

const PER_SEVERITY = 25;
const MONEY_MAX = 40;
const TIME_MAX = 35;
/** At this much money the part is at its greatest; below by decades. */
const MONEY_FULL = 100_000;
const HOUR_MS = 3_600_000;
/** A promise farther off than this adds nothing. */
const TIME_FULL_HOURS = 120;

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

export function rank(row: ExceptionRow, now: string): Rank {
  const severity = row.severity * PER_SEVERITY;
  const amount = Number(stake(row)?.amount ?? 0);
  const decades = Math.log10(1 + Math.max(0, amount)) / Math.log10(1 + MONEY_FULL);
  const money = Math.round(Math.min(1, decades) * MONEY_MAX);
  const promised = due(row);
  const left = promised === null ? null : (Date.parse(promised) - Date.parse(now)) / HOUR_MS;
  const share = left === null ? 0 : 1 - Math.max(0, left) / TIME_FULL_HOURS;
  const time = Math.round(Math.max(0, Math.min(1, share)) * TIME_MAX);
  return { severity, money, time, sum: severity + money + time };
}

export interface Group {
  key: string;
  rows: { row: ExceptionRow; rank: Rank }[];
}

export type GroupBy = "code" | "partner" | "order" | "none";

/** Ranked rows in groups; the group with the highest sum first. */
export function grouped(rows: ExceptionRow[], by: GroupBy, now: string): Group[] {
  const ranked = rows.map((row) => ({ row, rank: rank(row, now) }));
  ranked.sort((a, b) => b.rank.sum - a.rank.sum || a.row.id.localeCompare(b.row.id));
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
  for (const each of ranked) {
    const key = keyOf(each.row);
    const group = groups.get(key) ?? { key, rows: [] };
    group.rows.push(each);
    groups.set(key, group);
  }
  const total = (group: Group) => group.rows.reduce((sum, each) => sum + each.rank.sum, 0);
  return [...groups.values()].sort((a, b) => total(b) - total(a));
}
