// The tenant in figures: orders by phase, exceptions by kind and age, and what is at stake.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { overview } from "@/api/queries";
import type { Stake } from "@/api/types";
import { text, word } from "@/i18n";
import { count, money, percent } from "@/i18n/format";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { Panel } from "./Panel";

/** Kinds of exceptions that are shown. */
const ROWS = 8;

/** Orders by phase; the part that is late is hatched, and both are written. They are all orders, which is said
 *  where the rest of the page is about the reader's own customers (`mine`). */
export function Counts({ mine }: { mine: boolean }) {
  const found = useQuery(overview());
  if (found.isPending) return <Skeleton rows={2} />;
  if (found.error) return <Trouble error={found.error} />;
  const { phases, quarantined, on_time } = found.data;
  const all = phases.reduce((sum, each) => sum + each.orders, 0);
  const most = Math.max(1, ...phases.map((each) => each.orders));
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
          <dt>{text(mine ? "home.orders_all" : "home.orders")}</dt>
          <dd>{count(all)}</dd>
        </div>
        <div>
          <dt>{text("home.on_time")}</dt>
          <dd>
            {on_time.of === 0 ? "–" : percent(Math.round((1000 * on_time.kept) / on_time.of))}{" "}
            <span className="soft small">{text("home.of", { count: on_time.of })}</span>
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

export function Codes() {
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

/** Open exceptions by how long they have been open: what stays is not worked on. */
export function Ages() {
  const found = useQuery(overview());
  if (!found.data) return null;
  const most = Math.max(1, ...found.data.ages.map((each) => each.open));
  const title = (below: number | null | undefined, n: number) => {
    const before = found.data.ages[n - 1]?.below_hours;
    if (below == null) return text("home.age_over", { days: (before ?? 0) / 24 });
    return text("home.age_below", { days: below / 24 });
  };
  return (
    <Panel title={text("home.ages")} more={<Link to="/exceptions">{text("home.all")}</Link>}>
      <ul className="plain-list bars">
        {found.data.ages.map(({ below_hours, open }, n) => (
          <li key={String(below_hours)} className="two">
            <span className="bar-name">{title(below_hours, n)}</span>
            <span className="bar" aria-hidden="true">
              <span className="bar-rest" style={{ width: `${(100 * open) / most}%` }} />
            </span>
            <span className="num">{count(open)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What orders are worth that are late, or with an exception about money. */
export function Exposure() {
  const found = useQuery(overview());
  if (!found.data) return null;
  const worth = (stake: Stake) => {
    return `${stake.cut ? "≥ " : ""}${stake.values.map(money).join(" + ") || "–"}`;
  };
  return (
    <Panel title={text("home.exposure")}>
      <dl className="figures">
        <div>
          <dt>{text("home.exposure_money", { count: found.data.money.orders })}</dt>
          <dd>{worth(found.data.money)}</dd>
        </div>
        <div>
          <dt>{text("home.exposure_late", { count: found.data.late.orders })}</dt>
          <dd>
            <Link to="/orders" search={{ late: true, sort: "late" }}>
              {worth(found.data.late)}
            </Link>
          </dd>
        </div>
      </dl>
    </Panel>
  );
}
