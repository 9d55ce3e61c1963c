// The lists of the first page: orders, and exceptions by their rank.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useNames } from "@/api/names";
import { type ExceptionFilter, exceptions, orders } from "@/api/queries";
import type { OrderRow } from "@/api/types";
import { text, word } from "@/i18n";
import { money, since } from "@/i18n/format";
import { said } from "@/i18n/said";
import { Late, PhaseBadge, SeverityBadge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { due, stake } from "../exceptions/rank";
import { Panel } from "./Panel";

const ROWS = 8;

type Filter = Parameters<typeof orders>[0];

export function Orders({ title, filter }: { title: string; filter: Filter }) {
  const found = useInfiniteQuery(orders(filter, ROWS));
  const rows = found.data?.pages[0]?.items ?? [];
  const more = (
    <Link to="/orders" search={filter as object}>
      {text("home.all")}
    </Link>
  );
  return (
    <Panel title={title} more={more}>
      {found.isPending && <Skeleton rows={4} />}
      {found.error && <Trouble error={found.error} />}
      {found.data && rows.length === 0 && <Empty title={text("home.nothing")} />}
      <OrderLines rows={rows} />
    </Panel>
  );
}

export function OrderLines({ rows }: { rows: OrderRow[] }) {
  return (
    <ul className="plain-list">
      {rows.map((row) => (
        <li key={row.id} className="home-row of-order">
          <Link to="/orders/$id" params={{ id: row.id }}>
            {row.number}
          </Link>
          <span className="home-what">
            <PhaseBadge phase={row.phase} /> <span className="soft">{row.customer}</span>
          </span>
          <span className="num">
            <Instant at={row.promised_at} />
          </span>
          <span className="num">
            <Late minutes={row.late_minutes} early="" />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Open exceptions by rank: severity, money at stake, and the time that is left. */
export function Needs({
  now,
  whose,
  title,
}: {
  now: string | null;
  /** Only those about money, or of the reader's own customers. */
  whose: Pick<ExceptionFilter, "money" | "my_customers">;
  title: string;
}) {
  const found = useInfiniteQuery(exceptions({ sort: "rank", ...whose }, ROWS));
  const ranked = found.data?.pages[0]?.items ?? [];
  const at = now ?? new Date(0).toISOString();
  const nameOf = useNames();
  return (
    <Panel
      title={title}
      more={
        <Link to="/exceptions" search={whose}>
          {text("home.all")}
        </Link>
      }
    >
      {found.isPending && <Skeleton rows={4} />}
      {found.error && <Trouble error={found.error} />}
      {found.data && ranked.length === 0 && <Empty title={text("home.nothing")} />}
      <ul className="plain-list">
        {ranked.map((row) => {
          const at_stake = stake(row);
          const promised = due(row);
          return (
            <li key={row.id} className="home-row needs">
              <SeverityBadge severity={row.severity} />
              <span>
                <Link to="/exceptions" search={{ at: row.id }}>
                  {word("exception", row.code)}
                </Link>{" "}
                <span className="nowrap">{row.orders[0]?.number}</span>
                <span className="soft small home-said">{said(row, nameOf)}</span>
              </span>
              <span className="num soft nowrap">
                {at_stake ? money(at_stake) : ""}
                <span className="small home-said">{promised ? since(promised, at) : ""}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
