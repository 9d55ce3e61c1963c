// Orders: a table over however many there are, filtered by the address bar, or a board by who holds
// the baton.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { orders, partners } from "@/api/queries";
import { text } from "@/i18n";
import { count } from "@/i18n/format";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { Views } from "@/ui/Views";
import { VirtualTable } from "@/ui/VirtualTable";
import { Board } from "./Board";
import { type OrderColumn, orderColumns } from "./columns";
import { allOrders, csv, download } from "./export";
import { Filters, Toggle } from "./Filters";
import { filterOf, type OrdersSearch, ordersSearch } from "./search";
import "./orders.css";

export function OrdersPage() {
  const search = ordersSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const known = useQuery(partners());
  const nameOf = useMemo(() => {
    const names = new Map(known.data?.items.map(({ partner, name }) => [partner, name]));
    return (partner: string) => names.get(partner) ?? partner;
  }, [known.data]);
  const columns = orderColumns(nameOf);
  const hidden = new Set(search.without?.split(",") ?? []);
  const shown = columns.filter((column) => !hidden.has(column.id));
  const set = (change: Partial<OrdersSearch>) =>
    navigate({ to: "/orders", search: { ...search, ...change }, replace: true });
  return (
    <div className="page full">
      <div className="page-head">
        <h1>{text("orders.title")}</h1>
        <div className="end no-print">
          <Toggle
            on={search.view === "board"}
            title={text("orders.board")}
            set={(on) => set({ view: on ? "board" : undefined })}
          />
          <Views
            page="orders"
            search={search}
            open={(kept) => navigate({ to: "/orders", search: ordersSearch(kept), replace: true })}
          />
          <ColumnChoice
            columns={columns}
            hidden={hidden}
            set={(without) => set({ without: without || undefined })}
          />
          <Export search={search} columns={shown} />
        </div>
      </div>
      <Filters search={search} partners={known.data?.items ?? []} />
      {search.view === "board" ? (
        <Board search={search} partners={known.data?.items ?? []} />
      ) : (
        <Table search={search} columns={shown} />
      )}
    </div>
  );
}

function Table({ search, columns }: { search: OrdersSearch; columns: OrderColumn[] }) {
  const found = useInfiniteQuery(orders(filterOf(search)));
  if (found.isPending) return <Skeleton rows={12} />;
  if (found.error && !found.data)
    return <Trouble error={found.error} retry={() => found.refetch()} />;
  const rows = found.data.pages.flatMap((page) => page.items);
  if (rows.length === 0)
    return <Empty title={text("orders.none")}>{text("orders.none_hint")}</Empty>;
  return (
    <section className="panel table-panel" aria-busy={found.isFetching}>
      <VirtualTable
        label={text("orders.title")}
        rows={rows}
        columns={columns}
        keyOf={(row) => row.id}
        more={found.hasNextPage && !found.isFetching ? () => found.fetchNextPage() : undefined}
      />
      <div className="table-foot soft small">
        {text(found.hasNextPage ? "orders.shown_of_more" : "orders.shown", { count: rows.length })}
      </div>
    </section>
  );
}

function ColumnChoice({
  columns,
  hidden,
  set,
}: {
  columns: OrderColumn[];
  hidden: Set<string>;
  set: (without: string) => void;
}) {
  const toggle = (id: string) => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    set([...next].join(","));
  };
  return (
    <details className="menu">
      <summary className="button">{text("orders.columns")}</summary>
      <div className="menu-list">
        {columns.map((column) => (
          <label key={column.id}>
            <input
              type="checkbox"
              checked={!hidden.has(column.id)}
              onChange={() => toggle(column.id)}
            />{" "}
            {column.title}
          </label>
        ))}
      </div>
    </details>
  );
}

function Export({ search, columns }: { search: OrdersSearch; columns: OrderColumn[] }) {
  const [reached, setReached] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const run = async () => {
    setReached(0);
    setError(null);
    try {
      const rows = await allOrders(filterOf(search), setReached);
      download("orders.csv", csv(rows, columns));
    } catch (refused) {
      setError(refused);
    }
    setReached(null);
  };
  return (
    <>
      <button type="button" className="button" disabled={reached !== null} onClick={run}>
        {reached === null ? text("orders.export") : count(reached)}
      </button>
      {error !== null && <Trouble error={error} />}
    </>
  );
}
