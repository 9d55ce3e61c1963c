// Exceptions: in the order of their ranks, which the server tells over all of them with the sum shown;
// grouped, and worked through by keyboard: j and k go on and back, a takes it in hand, o opens the order, w
// waives, n notes. What is closed has no rank: the latest comes first.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { ask, client } from "@/api/client";
import { useNames } from "@/api/names";
import { caller, exception, exceptions, partners } from "@/api/queries";
import type { ExceptionRow } from "@/api/types";
import { text, word } from "@/i18n";
import { length, money, since } from "@/i18n/format";
import { said } from "@/i18n/said";
import { SeverityBadge } from "@/ui/badges";
import { Dialog } from "@/ui/Dialog";
import { Instant } from "@/ui/Instant";
import { useMay } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { Views } from "@/ui/Views";
import { MyCustomers } from "../customers/MyCustomers";
import { person } from "../handoffs/words";
import { StateFact, type Waiving } from "../order/StateFact";
import { due, type Group, type GroupBy, grouped, stake } from "./rank";
import { type ExceptionsSearch, exceptionsSearch, filterOf } from "./search";
import "./exceptions.css";

const STATES = ["open", "cleared", "waived", "disproved", "not_provable"];
const GROUPS: GroupBy[] = ["code", "partner", "order", "none"];
/** Rows of a group before one asks for all of it. */
const ROWS = 8;

interface Saying {
  order: string;
  waiving?: Waiving;
}

export function ExceptionsPage() {
  const search = exceptionsSearch(useSearch({ strict: false }));
  const router = useRouter();
  const navigate = useNavigate();
  // What the address bar holds already, which under load is ahead of what is drawn.
  const latest = () => exceptionsSearch(router.latestLocation.search);
  const set = (change: Partial<ExceptionsSearch>) =>
    navigate({
      to: "/exceptions",
      search: { ...latest(), ...change },
      replace: true,
      resetScroll: false,
    });
  const { by = "code", at } = search;
  const found = useInfiniteQuery(exceptions(filterOf(search)));
  const { hasNextPage, isFetching, fetchNextPage } = found;
  const loaded = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  // A link may lead to one that is further down, or that the filter leaves out.
  const isFar = at !== undefined && found.isSuccess && !loaded.some((row) => row.id === at);
  const far = useQuery({ ...exception(at ?? ""), enabled: isFar }).data;
  const rows = useMemo(() => (isFar && far ? [far, ...loaded] : loaded), [isFar, far, loaded]);
  const now = useQuery(caller()).data?.now ?? new Date().toISOString();
  const groups = useMemo(() => grouped(rows, by), [rows, by]);
  const inOrder = useMemo(() => groups.flatMap((group) => group.rows), [groups]);
  const known = useQuery(partners());
  const nameOf = useNames();
  const [saying, setSaying] = useState<Saying | null>(null);
  const maySay = useMay("state_fact");
  const say = (row: ExceptionRow, waive: boolean) => {
    const order = row.orders[0];
    if (order && maySay)
      setSaying({ order: order.id, waiving: waive && row.state === "open" ? row : undefined });
  };
  const taking = useTake();
  const [helping, setHelping] = useState(false);
  useKeys(saying === null && !helping, (key) => {
    // Keys go by where one is, not by what is drawn of it yet: one of two that come quickly would be lost.
    const index = inOrder.findIndex((row) => row.id === latest().at);
    const current = inOrder[index];
    const go = (to: number) => {
      const row = inOrder[Math.max(0, Math.min(inOrder.length - 1, to))];
      if (row) void set({ at: row.id });
      if (to >= inOrder.length - ROWS && hasNextPage && !isFetching) void fetchNextPage();
    };
    const order = current?.orders[0];
    if (key === "j") go(index + 1);
    else if (key === "k") go(index - 1);
    else if (key === "o" && current && order)
      void navigate({
        to: "/orders/$id",
        params: { id: order.id },
        search: { claim: `exception:${current.id}` },
      });
    else if (key === "?") setHelping(true);
    else if (key === "a" && current && order && maySay && current.state === "open")
      taking.mutate(current);
    else if (key === "w" && current) say(current, true);
    else if (key === "n" && current) say(current, false);
  });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("exceptions.title")}</h1>
        <span className="soft">
          {text(hasNextPage ? "exceptions.count_more" : "exceptions.count", { count: rows.length })}
        </span>
        <span className="end no-print">
          <MyCustomers
            on={search.my_customers ?? false}
            set={(on) => set({ my_customers: on || undefined })}
          />
          <Views page="exceptions" search={search} open={(kept) => set(exceptionsSearch(kept))} />
          <button type="button" className="button" onClick={() => setHelping(true)}>
            {text("exceptions.help")} <kbd>?</kbd>
          </button>
        </span>
      </div>
      <Filters search={search} set={set} partners={known.data?.items ?? []} />
      {found.isPending && <Skeleton rows={10} />}
      {found.error && <Trouble error={found.error} retry={() => found.refetch()} />}
      {found.data && rows.length === 0 && (
        <section className="panel">
          <Empty title={text("exceptions.none")}>{text("exceptions.none_hint")}</Empty>
        </section>
      )}
      <div className="groups" aria-busy={found.isPlaceholderData}>
        {groups.map((group) => (
          <GroupPanel
            key={group.key}
            group={group}
            title={groupTitle(group, by, nameOf)}
            at={at}
            now={now}
            choose={(id) => set({ at: id === at ? undefined : id })}
            say={maySay ? say : undefined}
            take={maySay ? taking.mutate : undefined}
            named={by !== "code"}
          />
        ))}
      </div>
      {hasNextPage && (
        <p>
          <button
            type="button"
            className="button"
            disabled={isFetching}
            onClick={() => fetchNextPage()}
          >
            {text("exceptions.next")}
          </button>
        </p>
      )}
      {taking.error && <Trouble error={taking.error} />}
      {helping && <Keys close={() => setHelping(false)} />}
      {saying && <StateFact {...saying} close={() => setSaying(null)} />}
    </div>
  );
}

const KEYS = ["j", "k", "a", "w", "n", "o"] as const;

/** What one can do without a mouse. */
function Keys({ close }: { close: () => void }) {
  return (
    <Dialog title={text("exceptions.help")} close={close}>
      <dl className="keys">
        {KEYS.map((key) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text(`keys.${key}`)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>{text("keys.help")}</dd>
        </div>
      </dl>
    </Dialog>
  );
}

/** Says that the reader looks after an exception. */
function useTake() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (row: ExceptionRow) =>
      ask(
        client.POST("/v1/orders/{id}/facts", {
          params: { path: { id: row.orders[0]?.id ?? "" } },
          body: { kind: "take", exception: row.id },
        }),
      ),
    onSuccess: () => {
      for (const name of ["exceptions", "order", "timeline"])
        void queries.invalidateQueries({ queryKey: [name] });
    },
  });
}

function groupTitle(group: Group, by: GroupBy, nameOf: (partner: string) => string): string {
  switch (by) {
    case "code":
      return word("exception", group.key);
    case "partner":
      return group.key === "" ? text("exceptions.nobody") : nameOf(group.key);
    case "order":
      return group.key === ""
        ? text("exceptions.no_order")
        : text("order.title", { number: group.key });
    case "none":
      return text("exceptions.all");
  }
}

/** Single letters, where nobody is writing. */
function useKeys(on: boolean, press: (key: string) => void) {
  const latest = useRef<((key: string) => void) | null>(null);
  latest.current = on ? press : null;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const writes = /^(input|textarea|select)$/i.test(target.tagName);
      if (!writes && !event.ctrlKey && !event.metaKey && !event.altKey) latest.current?.(event.key);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

function Filters({
  search,
  set,
  partners,
}: {
  search: ExceptionsSearch;
  set: (change: Partial<ExceptionsSearch>) => void;
  partners: { partner: string; name: string }[];
}) {
  return (
    <div className="filters no-print">
      <Choice
        label={text("exceptions.state")}
        value={search.state ?? "open"}
        set={(state) => set({ state: state === "open" ? undefined : state })}
        options={STATES.map((state) => [state, word("exception_state", state)])}
      />
      <Choice
        label={text("exceptions.severity")}
        value={String(search.severity_min ?? "")}
        set={(least) => set({ severity_min: least ? Number(least) : undefined })}
        options={[
          ["", text("exceptions.any_severity")],
          ...["2", "3", "4"].map((each): [string, string] => [
            each,
            text("exceptions.at_least", { severity: word("severity", each) }),
          ]),
        ]}
      />
      <Choice
        label={text("exceptions.liable")}
        value={search.partner ?? ""}
        set={(partner) => set({ partner: partner || undefined })}
        options={[
          ["", text("exceptions.any_liable")],
          ...partners.map(({ partner, name }): [string, string] => [partner, name]),
        ]}
      />
      <Choice
        label={text("exceptions.group")}
        value={search.by ?? "code"}
        set={(by) => set({ by: by as GroupBy })}
        options={GROUPS.map((by) => [by, text(`exceptions.by_${by}`)])}
      />
      {search.money && (
        <button type="button" className="button" onClick={() => set({ money: undefined })}>
          {text("exceptions.money_only")} ×
        </button>
      )}
      {search.code && (
        <button type="button" className="button" onClick={() => set({ code: undefined })}>
          {word("exception", search.code)} ×
        </button>
      )}
    </div>
  );
}

function Choice({
  label,
  value,
  set,
  options,
}: {
  label: string;
  value: string;
  set: (value: string) => void;
  options: [string, string][];
}) {
  return (
    <select
      className="input"
      aria-label={label}
      value={value}
      onChange={(event) => set(event.target.value)}
    >
      {options.map(([option, title]) => (
        <option key={option} value={option}>
          {title}
        </option>
      ))}
    </select>
  );
}

function GroupPanel({
  group,
  title,
  at,
  now,
  choose,
  say,
  take,
  named,
}: {
  group: Group;
  title: string;
  at: string | undefined;
  now: string;
  choose: (id: string) => void;
  say: ((row: ExceptionRow, waive: boolean) => void) | undefined;
  take: ((row: ExceptionRow) => void) | undefined;
  named: boolean;
}) {
  const [whole, setWhole] = useState(false);
  // The one that is open is always in sight.
  const reached = group.rows.findIndex((row) => row.id === at) + 1;
  const shown = whole ? group.rows : group.rows.slice(0, Math.max(ROWS, reached));
  return (
    <section className="panel" aria-label={title}>
      <div className="panel-head">
        <h2>{title}</h2>
        <span className="soft">{group.rows.length}</span>
      </div>
      <ul className="plain-list">
        {shown.map((row) => (
          <Row
            key={row.id}
            row={row}
            now={now}
            open={row.id === at}
            choose={() => choose(row.id)}
            say={say}
            take={take}
            named={named}
          />
        ))}
      </ul>
      {shown.length < group.rows.length && (
        <p className="panel-body">
          <button type="button" className="button" onClick={() => setWhole(true)}>
            {text("exceptions.whole_group", { count: group.rows.length - shown.length })}
          </button>
        </p>
      )}
    </section>
  );
}

function Row({
  row,
  now,
  open,
  choose,
  say,
  take,
  named,
}: {
  row: ExceptionRow;
  now: string;
  open: boolean;
  choose: () => void;
  say: ((row: ExceptionRow, waive: boolean) => void) | undefined;
  take: ((row: ExceptionRow) => void) | undefined;
  /** Whether the row says what kind it is; its group may. */
  named: boolean;
}) {
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (open) element.current?.scrollIntoView({ block: "nearest" });
  }, [open]);
  const nameOf = useNames();
  const order = row.orders[0];
  const money_at_stake = stake(row);
  const promised = due(row);
  return (
    <li ref={element} className={open ? "exception chosen" : "exception"}>
      <button type="button" className="exception-head" aria-expanded={open} onClick={choose}>
        <span className="exception-rank" title={text("exceptions.rank")}>
          {row.rank?.sum ?? "–"}
        </span>
        <SeverityBadge severity={row.severity} />
        <span className="exception-what">
          {named && <>{word("exception", row.code)} · </>}
          <span className={named ? "soft" : undefined}>{said(row, nameOf)}</span>
          {row.taken_by && (
            <span className="soft">
              {" "}
              · {text("exceptions.taken", { who: person(row.taken_by) })}
            </span>
          )}
        </span>
        <span className="nowrap">{order ? order.number : ""}</span>
        <span className="num nowrap soft">{money_at_stake ? money(money_at_stake) : ""}</span>
        <span className="num nowrap soft">{since(row.opened_at, now)}</span>
      </button>
      {open && (
        <div className="exception-more">
          {row.rank && (
            <p className="small soft">{text("exceptions.arithmetic", { ...row.rank })}</p>
          )}
          <dl className="facts small">
            <div>
              <dt>{text("exceptions.opened")}</dt>
              <dd>
                <Instant at={row.opened_at} />
              </dd>
            </div>
            {promised && (
              <div>
                <dt>{text("orders.promised")}</dt>
                <dd>
                  <Instant at={promised} />
                </dd>
              </div>
            )}
            {order && order.late_minutes > 0 && (
              <div>
                <dt>{text("orders.late")}</dt>
                <dd className="bad-text">{length(order.late_minutes * 60)}</dd>
              </div>
            )}
            {row.liable && (
              <div>
                <dt>{text("exceptions.liable")}</dt>
                <dd>{word("party", row.liable)}</dd>
              </div>
            )}
            <div>
              <dt>{text("exceptions.code")}</dt>
              <dd className="mono">{row.code}</dd>
            </div>
          </dl>
          <div className="filters">
            {row.orders.map((each) => (
              <Link
                key={each.id}
                className="button"
                to="/orders/$id"
                params={{ id: each.id }}
                search={{ claim: `exception:${row.id}` }}
              >
                {text("order.title", { number: each.number })}
              </Link>
            ))}
            {row.orders_count > row.orders.length && (
              <span className="soft">
                {text("exceptions.more_orders", { count: row.orders_count - row.orders.length })}
              </span>
            )}
            {say && order && (
              <>
                {take && row.state === "open" && !row.taken_by && (
                  <button type="button" className="button" onClick={() => take(row)}>
                    {text("action.take")}
                  </button>
                )}
                <button type="button" className="button" onClick={() => say(row, false)}>
                  {text("action.note")}
                </button>
                {row.state === "open" && (
                  <button type="button" className="button" onClick={() => say(row, true)}>
                    {text("action.waive")}
                  </button>
                )}
              </>
            )}
          </div>
        </div>
      )}
    </li>
  );
}
