// The columns of the orders table, which are also those of its export.
import { Link } from "@tanstack/react-router";
import type { OrderRow } from "@/api/types";
import { text, word } from "@/i18n";
import { money } from "@/i18n/format";
import { Late, PhaseBadge, SeverityBadge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import type { Column } from "@/ui/VirtualTable";

export interface OrderColumn extends Column<OrderRow> {
  /** What the export holds: instants and codes as the API has them, not as they are shown. */
  plain: (row: OrderRow) => string | number | null;
}

export function roleOfHolder(row: OrderRow): string | null {
  return row.partners.find((playing) => playing.partner === row.holder)?.role ?? null;
}

export function orderColumns(nameOf: (partner: string) => string): OrderColumn[] {
  return [
    {
      id: "number",
      title: text("orders.number"),
      width: "minmax(72px, 0.5fr)",
      cell: (row) => (
        <Link to="/orders/$id" params={{ id: row.id }}>
          {row.number}
        </Link>
      ),
      plain: (row) => row.number,
    },
    {
      id: "phase",
      title: text("orders.phase"),
      width: "minmax(148px, 1fr)",
      cell: (row) => <PhaseBadge phase={row.phase} />,
      plain: (row) => row.phase,
    },
    {
      id: "holder",
      title: text("orders.holder"),
      width: "minmax(160px, 1.4fr)",
      cell: (row) => <Holder row={row} nameOf={nameOf} />,
      plain: (row) => row.holder,
    },
    {
      id: "promised",
      title: text("orders.promised"),
      width: "136px",
      numeric: true,
      cell: (row) => <Instant at={row.promised_at} />,
      plain: (row) => row.promised_at,
    },
    {
      id: "projected",
      title: text("orders.projected"),
      width: "136px",
      numeric: true,
      cell: (row) => <Instant at={row.projected_at} />,
      plain: (row) => row.projected_at,
    },
    {
      id: "late",
      title: text("orders.late"),
      width: "92px",
      numeric: true,
      cell: (row) => <Late minutes={row.late_minutes} early="–" />,
      plain: (row) => row.late_minutes,
    },
    {
      id: "exceptions",
      title: text("orders.exceptions"),
      width: "112px",
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
      title: text("orders.customer"),
      width: "minmax(130px, 1.4fr)",
      cell: (row) => row.customer ?? <span className="soft">–</span>,
      plain: (row) => row.customer,
    },
    {
      id: "value",
      title: text("orders.value"),
      width: "118px",
      numeric: true,
      cell: (row) => (row.value ? money(row.value) : <span className="soft">–</span>),
      plain: (row) => (row.value ? `${row.value.amount} ${row.value.currency}` : null),
    },
    {
      id: "progress",
      title: text("orders.progress"),
      width: "minmax(132px, 1.3fr)",
      cell: (row) =>
        row.progress ? word("milestone", row.progress) : <span className="soft">–</span>,
      plain: (row) => row.progress,
    },
    {
      id: "updated",
      title: text("orders.updated"),
      width: "118px",
      numeric: true,
      cell: (row) => <Instant at={row.updated_at} />,
      plain: (row) => row.updated_at,
    },
  ];
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
