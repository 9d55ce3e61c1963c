// What of the usage page stands in the address bar, and the figures in the order in which they are shown.
import type { Key } from "@/i18n";

export const FIGURES = [
  "messages",
  "bytes",
  "repeats",
  "quarantined",
  "orders",
  "deliveries",
] as const;

export type Figure = (typeof FIGURES)[number];

export const TITLES: Record<Figure | "people", Key> = {
  messages: "usage.messages",
  bytes: "usage.bytes",
  repeats: "usage.repeats",
  quarantined: "usage.quarantined",
  orders: "usage.orders",
  deliveries: "usage.deliveries",
  people: "usage.people",
};

export interface UsageSearch {
  /** The month that is looked at, such as 2026-05; else the last one. */
  month?: string;
  /** What the bars are of; messages, if left out. */
  figure?: Figure;
  of?: "tenants";
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** Takes what it knows and leaves out the rest; an address that was mistyped still opens. */
export function usageSearch(given: Record<string, unknown>): UsageSearch {
  const search: UsageSearch = {};
  if (MONTH.test(String(given.month))) search.month = String(given.month);
  const figure = FIGURES.find((known) => known === given.figure);
  if (figure && figure !== "messages") search.figure = figure;
  if (given.of === "tenants") search.of = "tenants";
  return search;
}

/** Where the file is that has what is shown. */
export function usageFile({ month, of }: UsageSearch, by: "month" | "day"): string {
  const query = new URLSearchParams({ by });
  if (of) query.set("of", of);
  if (month && (of || by === "day")) {
    query.set("from", month);
    query.set("to", month);
  }
  return `/v1/usage/export?${query}`;
}

/** The days of a month, in UTC. */
export function daysOf(month: string): string[] {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  const many = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: many }, (_, at) => `${month}-${String(at + 1).padStart(2, "0")}`);
}

/** The month before, or after. */
export function beside(month: string, by: number): string {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}
