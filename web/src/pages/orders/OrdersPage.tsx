// Orders: a table over however many there are, filtered by the address bar, or a board by who holds
// the baton.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useNames } from "@/api/names";
import { orders, partners } from "@/api/queries";
import { text } from "@/i18n";
import { count } from "@/i18n/format";
import { Menu } from "@/ui/Menu";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { Toggle } from "@/ui/Toggle";
import { Views } from "@/ui/Views";
import { VirtualTable } from "@/ui/VirtualTable";
import { MyCustomers } from "../customers/MyCustomers";
import { Board } from "./Board";
import { fitting, type OrderColumn, orderColumns } from "./columns";
import { allOrders, csv, download } from "./export";
import { Filters } from "./Filters";
import { filterOf, type OrdersSearch, ordersSearch } from "./search";
import "./orders.css";

export function OrdersPage() {
  const search = ordersSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const known = useQuery(partners());
  const nameOf = useNames();
  const set = (change: Partial<OrdersSearch>) =>
    navigate({ to: "/orders", search: { ...search, ...change }, replace: true });
  const { sort = "updated" } = search;
  const columns = orderColumns(nameOf, sort, (by) => set({ sort: by }));
  const chosen = chosenOf(search, columns);
  const [room, setRoom] = useState(0);
  const shown = chosen
    ? columns.filter(({ id }) => chosen.includes(id))
    : fitting(columns, room || window.innerWidth);
  return (
    <div className="page full">
      <div className="page-head">
        <h1>{text("orders.title")}</h1>
        <div className="end no-print">
          <MyCustomers
            on={search.my_customers ?? false}
            set={(on) => set({ my_customers: on || undefined })}
          />
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
            shown={shown}
            isChosen={chosen !== null}
            set={(ids) => set({ columns: ids?.join(",") || undefined, without: undefined })}
          />
          <Export search={search} columns={chosen ? shown : columns} />
        </div>
      </div>
      <Filters search={search} partners={known.data?.items ?? []} />
      {search.view === "board" ? (
        <Board search={search} partners={known.data?.items ?? []} />
      ) : (
        <Table search={search} columns={shown} room={setRoom} />
      )}
    </div>
  );
}

/** The columns that the address names, if it names any. */
function chosenOf(search: OrdersSearch, columns: OrderColumn[]): string[] | null {
  if (search.columns !== undefined) return search.columns.split(",");
  if (search.without === undefined) return null;
  const hidden = search.without.split(",");
  return columns.map(({ id }) => id).filter((id) => !hidden.includes(id));
}

/** Tells how wide an element is, now and whenever that changes. */
function useWidth(tell: (pixels: number) => void) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) tell(entry.contentRect.width);
    });
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, [tell]);
  return element;
}

function Table(properties: {
  search: OrdersSearch;
  columns: OrderColumn[];
  room: (pixels: number) => void;
}) {
  const element = useWidth(properties.room);
  return (
    <div ref={element} className="table-room">
      <Found search={properties.search} columns={properties.columns} />
    </div>
  );
}

function Found({ search, columns }: { search: OrdersSearch; columns: OrderColumn[] }) {
  const found = useInfiniteQuery(orders(filterOf(search)));
  if (found.isPending) return <Skeleton rows={12} />;
  if (found.error && !found.data)
    return <Trouble error={found.error} retry={() => found.refetch()} />;
  const rows = found.data.pages.flatMap((page) => page.items);
  if (rows.length === 0)
    return <Empty title={text("orders.none")}>{text("orders.none_hint")}</Empty>;
  return (
    <div className="panel table-panel" aria-busy={found.isFetching}>
      {found.data.pages[0]?.cut && (
        <p className="note warn" role="status">
          {text("orders.cut")}
        </p>
      )}
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
    </div>
  );
}

function ColumnChoice({
  columns,
  shown,
  isChosen,
  set,
}: {
  columns: OrderColumn[];
  shown: OrderColumn[];
  isChosen: boolean;
  /** Null for as many as have room. */
  set: (ids: string[] | null) => void;
}) {
  const on = new Set(shown.map(({ id }) => id));
  const toggle = (id: string) => {
    const next = new Set(on);
    if (!next.delete(id)) next.add(id);
    if (next.size > 0) set(columns.map((column) => column.id).filter((each) => next.has(each)));
  };
  return (
    <Menu title={text("orders.columns")}>
      {columns.map((column) => (
        <label key={column.id}>
          <input type="checkbox" checked={on.has(column.id)} onChange={() => toggle(column.id)} />{" "}
          {column.title}
        </label>
      ))}
      <button type="button" className="button" disabled={!isChosen} onClick={() => set(null)}>
        {text("orders.columns_by_room")}
      </button>
    </Menu>
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
