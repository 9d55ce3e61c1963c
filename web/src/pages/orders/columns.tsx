// The columns of the orders table, which are also those of its export.
import { Link } from "@tanstack/react-router";
import type { OrderRow } from "@/api/types";
import { text, word } from "@/i18n";
import { money } from "@/i18n/format";
import { Late, PhaseBadge, SeverityBadge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import type { Column } from "@/ui/VirtualTable";
import type { Sort } from "./search";

type Given = Omit<Column<OrderRow>, "width"> & Pick<OrderColumn, "room" | "grow" | "plain">;

export interface OrderColumn extends Column<OrderRow> {
  /** Pixels that it needs, and its share of what is left over. */
  room: number;
  grow?: number;
  /** What the export holds: instants and codes as the API has them, not as they are shown. */
  plain: (row: OrderRow) => string | number | null;
}

export function roleOfHolder(row: OrderRow): string | null {
  return row.partners.find((playing) => playing.partner === row.holder)?.role ?? null;
}

/** Which columns matter most: where there is no room for all, the last of these give way first. */
const MATTERS = [
  "number",
  "phase",
  "holder",
  "promised",
  "late",
  "exceptions",
  "customer",
  "value",
  "progress",
  "projected",
  "updated",
];

/** With fewer columns than this, one that has no room does not end the row. */
const FEW = 3;

/** The columns that have room side by side, in the order in which they stand. */
export function fitting(columns: OrderColumn[], pixels: number): OrderColumn[] {
  const rank = (column: OrderColumn) => MATTERS.indexOf(column.id);
  const kept = new Set<string>();
  let left = pixels;
  for (const column of [...columns].sort((a, b) => rank(a) - rank(b))) {
    if (column.room > left && kept.size > 0) {
      // On a phone the narrower ones that matter less still have room; elsewhere the order is plain.
      if (kept.size >= FEW) break;
      continue;
    }
    left -= column.room;
    kept.add(column.id);
  }
  return columns.filter(({ id }) => kept.has(id));
}

export function orderColumns(
  nameOf: (partner: string) => string,
  sort: Sort,
  by: (sort: Sort) => void,
): OrderColumn[] {
  const order = (of: Sort, direction: "ascending" | "descending") => ({
    on: sort === of,
    direction,
    by: () => by(of),
  });
  const columns: Given[] = [
    {
      id: "number",
      room: 118,
      grow: 0.5,
      title: text("orders.number"),
      cell: (row) => (
        <Link to="/orders/$id" params={{ id: row.id }}>
          {row.number}
        </Link>
      ),
      plain: (row) => row.number,
    },
    {
      id: "phase",
      room: 162,
      grow: 1,
      title: text("orders.phase"),
      cell: (row) => <PhaseBadge phase={row.phase} />,
      plain: (row) => row.phase,
    },
    {
      id: "holder",
      room: 176,
      grow: 1.4,
      title: text("orders.holder"),
      cell: (row) => <Holder row={row} nameOf={nameOf} />,
      plain: (row) => row.holder,
    },
    {
      id: "promised",
      room: 142,
      title: text("orders.promised"),
      numeric: true,
      order: order("promised", "ascending"),
      cell: (row) => <Instant at={row.promised_at} />,
      plain: (row) => row.promised_at,
    },
    {
      id: "projected",
      room: 142,
      title: text("orders.projected"),
      numeric: true,
      cell: (row) => <Instant at={row.projected_at} />,
      plain: (row) => row.projected_at,
    },
    {
      id: "late",
      room: 92,
      title: text("orders.late"),
      numeric: true,
      order: order("late", "descending"),
      cell: (row) => <Late minutes={row.late_minutes} early="–" />,
      plain: (row) => row.late_minutes,
    },
    {
      id: "exceptions",
      room: 112,
      title: text("orders.exceptions"),
      cell: (row) =>
        row.exceptions_open === 0 ? (
          <span className="soft">–</span>
        ) : (
          <>
            {row.exceptions_open} <SeverityBadge severity={row.severity_max} />
          </>
        ),
      plain: (row) => row.exceptions_open,
    },
    {
      id: "customer",
      room: 170,
      grow: 1.4,
      title: text("orders.customer"),
      cell: (row) => row.customer ?? <span className="soft">–</span>,
      plain: (row) => row.customer,
    },
    {
      id: "value",
      room: 128,
      title: text("orders.value"),
      numeric: true,
      cell: (row) => (row.value ? money(row.value) : <span className="soft">–</span>),
      plain: (row) => (row.value ? `${row.value.amount} ${row.value.currency}` : null),
    },
    {
      id: "progress",
      room: 132,
      grow: 1.3,
      title: text("orders.progress"),
      cell: (row) =>
        row.progress ? word("milestone", row.progress) : <span className="soft">–</span>,
      plain: (row) => row.progress,
    },
    {
      id: "updated",
      room: 142,
      title: text("orders.updated"),
      numeric: true,
      order: order("updated", "descending"),
      cell: (row) => <Instant at={row.updated_at} />,
      plain: (row) => row.updated_at,
    },
  ];
  return columns.map((column) => ({
    ...column,
    width: column.grow ? `minmax(${column.room}px, ${column.grow}fr)` : `${column.room}px`,
  }));
}

function Holder({ row, nameOf }: { row: OrderRow; nameOf: (partner: string) => string }) {
  if (row.holder === null || row.holder === undefined) return <span className="soft">–</span>;
  const role = roleOfHolder(row);
  return (
    <>
      {nameOf(row.holder)} {role && <span className="soft small">{word("party", role)}</span>}
    </>
  );
}
