// What needs whoever looks, by role: each role has its sections, and each section is a list that the
// reader can open whole.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { caller, exceptions, orders, overview } from "@/api/queries";
import type { ExceptionRow, OrderRow, Role } from "@/api/types";
import { text, word } from "@/i18n";
import { count, money, readable } from "@/i18n/format";
import { Late, PhaseBadge, SeverityBadge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { useMay, useSession } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { grouped, stake } from "../exceptions/rank";
import "./home.css";

type Section =
  | "needs"
  | "money"
  | "at_risk"
  | "changed"
  | "counts"
  | "codes"
  | "mine"
  | "mine_late";

const SECTIONS: Partial<Record<Role, Section[]>> = {
  finance: ["counts", "money", "needs", "changed"],
  customer_success: ["counts", "at_risk", "needs", "changed"],
  partner_manager: ["counts", "codes", "needs", "at_risk"],
  executive: ["counts", "codes", "at_risk", "needs"],
  partner: ["mine", "mine_late", "needs", "changed"],
};
const OTHERWISE: Section[] = ["counts", "needs", "at_risk", "codes", "changed"];

const ROWS = 8;

export function HomePage() {
  const session = useSession();
  const mayCount = useMay("overview");
  const mayExcept = useMay("list_exceptions");
  const sections = (SECTIONS[session.role] ?? OTHERWISE).filter((section) =>
    section === "counts" || section === "codes"
      ? mayCount
      : section === "needs" || section === "money"
        ? mayExcept
        : true,
  );
  const now = useQuery(caller()).data?.now ?? null;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("home.title", { tenant: session.tenant.name })}</h1>
        {now && (
          <span className="soft end">
            <Instant at={now} />
          </span>
        )}
      </div>
      {sections.includes("counts") && <Counts />}
      <div className="columns">
        {sections.map((section) => (
          <SectionPanel key={section} section={section} now={now} partner={session.partner} />
        ))}
      </div>
    </div>
  );
}

function SectionPanel({
  section,
  now,
  partner,
}: {
  section: Section;
  now: string | null;
  partner: string | null;
}) {
  switch (section) {
    case "counts":
      return null;
    case "codes":
      return <Codes />;
    case "needs":
      return <Needs now={now} of={() => true} title={text("home.needs")} />;
    case "money":
      return (
        <Needs now={now} of={(row) => row.code.startsWith("E-FIN")} title={text("home.money")} />
      );
    case "at_risk":
      return (
        <Orders
          title={text("home.at_risk")}
          filter={{
            late: true,
            phase: "placed,confirmed,partly_shipped,shipped,partly_delivered",
            sort: "promised",
          }}
        />
      );
    case "changed":
      return <Orders title={text("home.changed")} filter={{ sort: "updated" }} />;
    case "mine":
      return (
        <Orders
          title={text("home.mine")}
          filter={{ holder: partner ?? undefined, sort: "promised" }}
        />
      );
    case "mine_late":
      return <Orders title={text("home.mine_late")} filter={{ late: true, sort: "late" }} />;
  }
}

function Panel({
  title,
  more,
  children,
}: {
  title: string;
  more?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{title}</h2>
        <span className="end small">{more}</span>
      </div>
      {children}
    </section>
  );
}

type Filter = Parameters<typeof orders>[0];

function Orders({ title, filter }: { title: string; filter: Filter }) {
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
      <ul className="plain-list">
        {rows.map((row) => (
          <OrderLine key={row.id} row={row} />
        ))}
      </ul>
    </Panel>
  );
}

function OrderLine({ row }: { row: OrderRow }) {
  return (
    <li className="home-row">
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
  );
}

function Needs({
  now,
  of,
  title,
}: {
  now: string | null;
  of: (row: ExceptionRow) => boolean;
  title: string;
}) {
  const found = useInfiniteQuery(exceptions({ state: "open" }));
  const rows = found.data?.pages.flatMap((page) => page.items).filter(of) ?? [];
  const ranked = grouped(rows, "none", now ?? new Date(0).toISOString())[0]?.rows ?? [];
  return (
    <Panel title={title} more={<Link to="/exceptions">{text("home.all")}</Link>}>
      {found.isPending && <Skeleton rows={4} />}
      {found.error && <Trouble error={found.error} />}
      {found.data && ranked.length === 0 && <Empty title={text("home.nothing")} />}
      <ul className="plain-list">
        {ranked.slice(0, ROWS).map(({ row }) => {
          const at_stake = stake(row);
          return (
            <li key={row.id} className="home-row">
              <SeverityBadge severity={row.severity} />
              <span className="home-what">
                <Link to="/exceptions" search={{ at: row.id }}>
                  {word("exception", row.code)}
                </Link>{" "}
                <span className="soft">{readable(row.summary)}</span>
              </span>
              <span className="num">{row.orders[0]?.number}</span>
              <span className="num soft">{at_stake ? money(at_stake) : ""}</span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

/** Orders by phase; the part that is late is hatched, and both are written. */
function Counts() {
  const found = useQuery(overview());
  if (found.isPending) return <Skeleton rows={2} />;
  if (found.error) return <Trouble error={found.error} />;
  const { phases, quarantined } = found.data;
  const all = phases.reduce((sum, each) => sum + each.orders, 0);
  const most = Math.max(1, ...phases.map((each) => each.orders));
  const done = phases.filter((each) => each.phase === "delivered" || each.phase === "closed");
  const [finished, late] = [
    done.reduce((sum, each) => sum + each.orders, 0),
    done.reduce((sum, each) => sum + each.late, 0),
  ];
  const order = [
    "placed",
    "confirmed",
    "partly_shipped",
    "shipped",
    "partly_delivered",
    "delivered",
    "closed",
    "cancelled",
    "disputed",
    "unplaced",
  ];
  const shown = [...phases].sort((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase));
  return (
    <section className="panel" aria-label={text("home.counts")}>
      <dl className="figures">
        <div>
          <dt>{text("home.orders")}</dt>
          <dd>{count(all)}</dd>
        </div>
        <div>
          <dt>{text("home.on_time")}</dt>
          <dd>
            {finished === 0 ? "–" : `${Math.round((100 * (finished - late)) / finished)} %`}{" "}
            <span className="soft small">{text("home.of", { count: finished })}</span>
          </dd>
        </div>
        <div>
          <dt>{text("home.open_exceptions")}</dt>
          <dd>{count(found.data.exceptions.reduce((sum, each) => sum + each.open, 0))}</dd>
        </div>
        <div>
          <dt>{text("intake.quarantine")}</dt>
          <dd>
            <Link to="/intake/quarantine">{count(quarantined)}</Link>
          </dd>
        </div>
      </dl>
      <ul className="plain-list bars">
        {shown.map(({ phase, orders: many, late: behind }) => (
          <li key={phase}>
            <Link to="/orders" search={{ phase }} className="bar-name">
              {word("phase", phase)}
            </Link>
            <span className="bar" aria-hidden="true">
              <span className="bar-rest" style={{ width: `${(100 * (many - behind)) / most}%` }} />
              <span className="bar-late" style={{ width: `${(100 * behind) / most}%` }} />
            </span>
            <span className="num">{count(many)}</span>
            <Link
              to="/orders"
              search={{ phase, late: true, sort: "late" }}
              className={behind > 0 ? "num bad-text" : "num soft"}
            >
              {text("home.late", { count: behind })}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Codes() {
  const found = useQuery(overview());
  if (!found.data) return null;
  const most = Math.max(1, ...found.data.exceptions.map((each) => each.open));
  return (
    <Panel title={text("home.codes")} more={<Link to="/exceptions">{text("home.all")}</Link>}>
      {found.data.exceptions.length === 0 && <Empty title={text("home.nothing")} />}
      <ul className="plain-list bars">
        {found.data.exceptions.slice(0, ROWS + 2).map(({ code, open }) => (
          <li key={code} className="two">
            <Link to="/exceptions" search={{ code }} className="bar-name">
              {word("exception", code)}
            </Link>
            <span className="bar" aria-hidden="true">
              <span className="bar-late" style={{ width: `${(100 * open) / most}%` }} />
            </span>
            <span className="num">{count(open)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
