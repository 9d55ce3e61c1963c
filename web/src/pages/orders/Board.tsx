// Orders as cards, one column a partner: who holds the baton, and of what is held too long.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { orders } from "@/api/queries";
import type { OrderRow, Partner } from "@/api/types";
import { text, word } from "@/i18n";
import { Late, PhaseBadge, SeverityBadge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { Skeleton, Trouble } from "@/ui/states";
import { filterOf, type OrdersSearch } from "./search";

const CARDS = 25;
/** Orders that nobody works on any more are not on the board unless one asks for them. */
const UNDER_WAY = "placed,confirmed,partly_shipped,shipped,partly_delivered,disputed";

export function Board({ search, partners }: { search: OrdersSearch; partners: Partner[] }) {
  const held = search.holder ? partners.filter((p) => p.partner === search.holder) : partners;
  return (
    <div className="board" role="list" aria-label={text("orders.board")}>
      {held.map((partner) => (
        <HolderColumn key={partner.partner} search={search} partner={partner} />
      ))}
    </div>
  );
}

function HolderColumn({ search, partner }: { search: OrdersSearch; partner: Partner }) {
  const filter = {
    phase: UNDER_WAY,
    sort: "late" as const,
    ...filterOf(search),
    holder: partner.partner,
  };
  const found = useInfiniteQuery(orders(filter, CARDS));
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="board-column" role="listitem" aria-label={partner.name}>
      <header>
        <h2>{partner.name}</h2>
        <span className="soft small">
          {word("party", partner.role)} ·{" "}
          {found.hasNextPage ? `${rows.length}+` : found.isPending ? "…" : rows.length}
        </span>
      </header>
      {found.isPending && <Skeleton rows={3} />}
      {found.error && <Trouble error={found.error} />}
      {rows.map((row) => (
        <Card key={row.id} row={row} />
      ))}
      {found.hasNextPage && (
        <button type="button" className="button quiet" onClick={() => found.fetchNextPage()}>
          {text("action.more")}
        </button>
      )}
    </section>
  );
}

function Card({ row }: { row: OrderRow }) {
  return (
    <Link to="/orders/$id" params={{ id: row.id }} className="board-card">
      <span className="board-card-head">
        <strong>{row.number}</strong>
        <Late minutes={row.late_minutes} early="" />
      </span>
      {row.customer && <span className="soft">{row.customer}</span>}
      <span className="board-card-foot">
        <PhaseBadge phase={row.phase} />
        {row.exceptions_open > 0 && <SeverityBadge severity={row.severity_max} />}
        <span className="small soft">
          <Instant at={row.promised_at} />
        </span>
      </span>
    </Link>
  );
}
