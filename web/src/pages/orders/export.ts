// Orders as CSV (RFC 4180), as many as the filter finds, in the API's own words.
import { ask, client } from "@/api/client";
import type { OrderFilter } from "@/api/queries";
import type { OrderRow } from "@/api/types";
import type { OrderColumn } from "./columns";

const ROWS_AT_A_TIME = 500;
/** A browser holds the file in memory; whoever needs more takes it from the API. */
export const EXPORT_ROWS_MAX = 50_000;

/** Quoted where it must be; a leading `=` would be a formula to a spreadsheet, so it gets a quote mark. */
export function csvField(value: string | number | null): string {
  if (value === null) return "";
  const written =
    typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : `${value}`;
  return /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
}

export function csv(rows: OrderRow[], columns: OrderColumn[]): string {
  const lines = [columns.map((column) => csvField(column.id))];
  for (const row of rows) lines.push(columns.map((column) => csvField(column.plain(row))));
  return `${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}

/** Every order that the filter finds, up to [`EXPORT_ROWS_MAX`]; `reached` says how many so far. */
export async function allOrders(
  filter: OrderFilter,
  reached: (rows: number) => void,
): Promise<OrderRow[]> {
  const rows: OrderRow[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { ...filter, limit: ROWS_AT_A_TIME, cursor };
    const page = await ask(client.GET("/v1/orders", { params: { query } }));
    rows.push(...page.items);
    cursor = page.next_cursor;
    reached(rows.length);
  } while (cursor && rows.length < EXPORT_ROWS_MAX);
  return rows.slice(0, EXPORT_ROWS_MAX);
}

export function download(name: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
