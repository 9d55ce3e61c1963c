// One order as a relay: who holds the baton, since when, until when, and how we know.
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useNames } from "@/api/names";
import { order as orderQuery } from "@/api/queries";
import type { Order } from "@/api/types";
import { text, word } from "@/i18n";
import { exact, length, secondsOf, since } from "@/i18n/format";
import { PhaseBadge } from "@/ui/badges";
import { ChangesTable } from "@/ui/ChangesTable";
import { When } from "@/ui/Instant";
import { useMay } from "@/ui/session";
import { Skeleton, Trouble } from "@/ui/states";
import { AsOf } from "./AsOf";
import { changes } from "./changes";
import { Evidence } from "./Evidence";
import { Exceptions } from "./Exceptions";
import { Handoffs } from "./Handoffs";
import { Lines } from "./Lines";
import { Messages } from "./Messages";
import { Promises } from "./Promises";
import { Relay } from "./Relay";
import { StateFact, type Waiving } from "./StateFact";
import { type OrderSearch, orderSearch } from "./search";
import { shownIdentifier, shownValue } from "./statement";
import { Timeline } from "./Timeline";
import { TrackingLinks } from "./TrackingLinks";
import { WhatIf } from "./WhatIf";

const TABS = ["lines", "handoffs", "promises", "timeline", "messages", "what_if"] as const;

export function OrderPage() {
  const { id } = useParams({ from: "/orders/$id" });
  const search = orderSearch(useSearch({ strict: false }));
  const navigate = useNavigate({ from: "/orders/$id" });
  const set = (change: Partial<OrderSearch>) =>
    navigate({ search: { ...search, ...change }, replace: true, resetScroll: false });
  const found = useQuery(orderQuery(id, search.as_of));
  const present = useQuery({ ...orderQuery(id), enabled: search.as_of !== undefined });
  const nameOf = useNames(id);
  const maySay = useMay("state_fact");
  const mayDerive = useMay("what_if");
  const mayLink = useMay("create_tracking_link");
  const [linking, setLinking] = useState(false);
  const [saying, setSaying] = useState<{ waiving?: Waiving } | null>(null);
  if (found.isPending) return <Skeleton rows={10} />;
  if (!found.data)
    return (
      <div className="page">
        <Trouble error={found.error} retry={() => found.refetch()} />
        <Link to="/orders">{text("order.back")}</Link>
      </div>
    );
  const order = found.data;
  const open = (claim: string) => set({ claim });
  const tab = search.tab ?? "lines";
  return (
    <div className="page">
      <Head
        order={order}
        nameOf={nameOf}
        open={open}
        say={maySay && search.as_of === undefined ? () => setSaying({}) : undefined}
        link={mayLink && search.as_of === undefined ? () => setLinking(true) : undefined}
      />
      {search.as_of !== undefined && (
        <Then asOf={search.as_of} order={order} present={present.data} />
      )}
      <div className={search.claim ? "order-layout with-evidence" : "order-layout"}>
        <div className="main-column">
          <section className="panel" aria-labelledby="relay-title">
            <div className="panel-head">
              <h2 id="relay-title">{text("relay.title")}</h2>
              <span className="soft small end">
                {text("order.derived", { at: exact(order.derived_at) })}
              </span>
            </div>
            <Relay order={order} nameOf={nameOf} then={search.as_of !== undefined} open={open} />
            <AsOf id={id} asOf={search.as_of} set={(as_of) => set({ as_of })} />
          </section>
          <Exceptions
            order={order}
            open={open}
            nameOf={nameOf}
            waive={
              maySay && search.as_of === undefined ? (waiving) => setSaying({ waiving }) : undefined
            }
          />
          <section className="panel">
            <nav className="tabs no-print" aria-label={text("order.parts")}>
              {TABS.filter((each) => each !== "what_if" || mayDerive).map((each) => (
                <Link
                  key={each}
                  to="/orders/$id"
                  params={{ id }}
                  search={{ ...search, tab: each }}
                  resetScroll={false}
                  replace
                  className={each === tab ? "tab active" : "tab"}
                  aria-current={each === tab ? "true" : undefined}
                >
                  {text(`order.tab_${each}`)}
                </Link>
              ))}
            </nav>
            {tab === "lines" && <Lines lines={order.lines} open={open} />}
            {tab === "handoffs" && (
              <Handoffs
                order={order}
                number={numberOf(order)}
                nameOf={nameOf}
                open={open}
                fixed={search.as_of !== undefined}
              />
            )}
            {tab === "promises" && <Promises order={order} nameOf={nameOf} open={open} />}
            {tab === "timeline" && <Timeline id={id} asOf={search.as_of} />}
            {tab === "messages" && <Messages id={id} asOf={search.as_of} />}
            {tab === "what_if" && <WhatIf order={order} asOf={search.as_of} />}
          </section>
        </div>
        {search.claim && (
          <Evidence order={id} claim={search.claim} close={() => set({ claim: undefined })} />
        )}
      </div>
      {linking && <TrackingLinks order={id} close={() => setLinking(false)} />}
      {saying && <StateFact order={id} {...saying} close={() => setSaying(null)} />}
    </div>
  );
}

const numberOf = (order: Order): string =>
  order.fields.number ? shownValue(order.fields.number.value) : order.name.value;

function Head({
  order,
  nameOf,
  open,
  say,
  link,
}: {
  order: Order;
  nameOf: (partner: string) => string;
  open: (claim: string) => void;
  say: (() => void) | undefined;
  link: (() => void) | undefined;
}) {
  const { total, customer_name, ship_to_place } = order.fields;
  const { holder, promise } = order;
  const late = promise.late_by ? secondsOf(promise.late_by) : 0;
  return (
    <header className="stack">
      <div className="page-head">
        <h1>{text("order.title", { number: numberOf(order) })}</h1>
        <PhaseBadge phase={order.phase} />
        {late > 0 && (
          <span className="badge bad">
            <span aria-hidden="true">!</span>
            {text(promise.kept === "late" ? "order.was_late" : "order.will_be_late", {
              length: length(late),
            })}
          </span>
        )}
        <span className="end no-print">
          {say && (
            <button type="button" className="button" onClick={say}>
              {text("action.say_something")}
            </button>
          )}
          {link && (
            <button type="button" className="button" onClick={link}>
              {text("track.link")}
            </button>
          )}
          <button type="button" className="button" onClick={() => window.print()}>
            {text("action.print")}
          </button>
        </span>
      </div>
      <dl className="facts">
        {holder && (
          <div>
            <dt>{text("orders.holder")}</dt>
            <dd>
              <button type="button" className="link-button" onClick={() => open("holder")}>
                {holder.partner ? nameOf(holder.partner) : word("party", holder.role)}
              </button>{" "}
              {holder.since && (
                <span className="soft small">{since(holder.since, order.derived_at)}</span>
              )}
            </dd>
          </div>
        )}
        <div>
          <dt>{text("orders.promised")}</dt>
          <dd>
            <When when={promise.current} />
          </dd>
        </div>
        <div>
          <dt>{text("orders.projected")}</dt>
          <dd>
            <When when={promise.projected} />
          </dd>
        </div>
        {customer_name && (
          <div>
            <dt>{text("orders.customer")}</dt>
            <dd>{shownValue(customer_name.value)}</dd>
          </div>
        )}
        {ship_to_place && (
          <div>
            <dt>{text("order.ship_to")}</dt>
            <dd>{shownValue(ship_to_place.value)}</dd>
          </div>
        )}
        {order.position && (
          <div>
            <dt>{text("order.position")}</dt>
            <dd>
              {word("milestone", order.position)}
              {order.position_place && `, ${order.position_place}`}
            </dd>
          </div>
        )}
        {total && (
          <div>
            <dt>{text("orders.value")}</dt>
            <dd>
              <button type="button" className="link-button" onClick={() => open("field:total")}>
                {shownValue(total.value)}
              </button>
            </dd>
          </div>
        )}
        <div>
          <dt>{text("order.known_as")}</dt>
          <dd className="small">{order.identifiers.map(shownIdentifier).join(" · ")}</dd>
        </div>
      </dl>
    </header>
  );
}

/** Says that this is the past, and what has become different since. */
function Then({
  asOf,
  order,
  present,
}: {
  asOf: string;
  order: Order;
  present: Order | undefined;
}) {
  const nameOf = useNames(order.id);
  const found = present ? changes(order, present, nameOf) : [];
  return (
    <section className="note warn" aria-label={text("as_of.title")}>
      <strong>{text("as_of.showing", { at: exact(asOf) })}</strong>
      {present && (
        <details>
          <summary>{text("as_of.changed", { count: found.length })}</summary>
          <ChangesTable rows={found} was={text("as_of.was")} is={text("as_of.is")} />
        </details>
      )}
    </section>
  );
}
