// What was used, by month and day, which whoever runs Baton for others bills by. Days and months are those
// of UTC, not of the reader's zone: a bill is the same for everybody.
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { usage } from "@/api/queries";
import type { Usage, UsageDay, UsageMonth } from "@/api/types";
import { text } from "@/i18n";
import { bytes, count, monthName, utcDay } from "@/i18n/format";
import { Badge } from "@/ui/badges";
import { useSession } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { AdminTabs } from "./AdminTabs";
import {
  beside,
  daysOf,
  FIGURES,
  type Figure,
  TITLES,
  type UsageSearch,
  usageFile,
  usageSearch,
} from "./usage";
import "./usage.css";

export function UsagePage() {
  const search = usageSearch(useSearch({ strict: false }));
  const isOperator = useSession().role === "operator";
  const all = isOperator && search.of === "tenants";
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("usage.title")}</h1>
        {isOperator && <Whose search={search} />}
      </div>
      <AdminTabs />
      <p className="soft">{text("usage.note")}</p>
      {all ? <OfAllTenants search={search} /> : <OfOne search={search} />}
    </div>
  );
}

/** A link is to where one is only if all of its address is. */
const WHOLE = { exact: true, includeSearch: true };

function Whose({ search }: { search: UsageSearch }) {
  const { of, ...rest } = search;
  return (
    <nav className="segments" aria-label={text("usage.whose")}>
      <Link
        to="/admin/usage"
        search={rest}
        className="button"
        activeOptions={WHOLE}
        aria-current={of ? undefined : "true"}
      >
        {text("usage.this_tenant")}
      </Link>
      <Link
        to="/admin/usage"
        search={{ ...rest, of: "tenants" }}
        className="button"
        activeOptions={WHOLE}
        aria-current={of ? "true" : undefined}
      >
        {text("usage.all_tenants")}
      </Link>
    </nav>
  );
}

function OfOne({ search }: { search: UsageSearch }) {
  const found = useQuery(usage({}));
  if (found.isPending) return <Skeleton rows={6} />;
  if (found.error) return <Trouble error={found.error} retry={() => found.refetch()} />;
  const { months, days, to } = found.data;
  const month = months.find((known) => known.month === search.month)?.month ?? to;
  return (
    <>
      <Behind usage={found.data} />
      <Days month={month} days={days} search={{ ...search, month }} />
      <section className="panel" aria-label={text("usage.by_month")}>
        <Head title={text("usage.by_month")}>
          <a className="button end" href={usageFile(search, "month")} download>
            {text("audit.csv")}
          </a>
        </Head>
        <Table
          first={text("usage.month")}
          people
          rows={[...months].reverse().map((row) => ({
            key: row.month,
            isShown: row.month === month,
            name: (
              <Link to="/admin/usage" search={{ ...search, month: row.month }} replace>
                {monthName(row.month)}
              </Link>
            ),
            row,
          }))}
        />
      </section>
    </>
  );
}

function OfAllTenants({ search }: { search: UsageSearch }) {
  const found = useQuery(usage({ of: "tenants", from: search.month, to: search.month }));
  if (found.isPending) return <Skeleton rows={6} />;
  if (found.error) return <Trouble error={found.error} retry={() => found.refetch()} />;
  const { months, to } = found.data;
  const isLast = months.every(({ is_final }) => !is_final);
  return (
    <>
      <Behind usage={found.data} />
      <section className="panel" aria-label={text("usage.all_tenants")}>
        <Head title={monthName(to)}>
          <span className="end">
            <Link
              to="/admin/usage"
              search={{ ...search, month: beside(to, -1) }}
              className="button"
              replace
            >
              {text("usage.before")}
            </Link>{" "}
            {!isLast && (
              <>
                <Link
                  to="/admin/usage"
                  search={{ ...search, month: beside(to, 1) }}
                  className="button"
                  replace
                >
                  {text("usage.after")}
                </Link>{" "}
              </>
            )}
            <a className="button" href={usageFile({ ...search, month: to }, "month")} download>
              {text("audit.csv")}
            </a>
          </span>
        </Head>
        <Table
          first={text("usage.tenant")}
          people
          rows={months.map((row) => ({ key: row.tenant, name: row.name, row }))}
        />
      </section>
    </>
  );
}

function Head({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="panel-head">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

function Behind({ usage: { is_behind } }: { usage: Usage }) {
  return is_behind ? <p className="note warn">{text("usage.behind")}</p> : null;
}

interface Row {
  key: string;
  name: ReactNode;
  isShown?: boolean;
  row: UsageDay | UsageMonth;
}

const shown = (figure: Figure, value: number) => (figure === "bytes" ? bytes(value) : count(value));

function Table({ first, rows, people = false }: { first: string; rows: Row[]; people?: boolean }) {
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            <th>{first}</th>
            {[...FIGURES, ...(people ? (["people"] as const) : [])].map((figure) => (
              <th key={figure} className="num">
                {text(TITLES[figure])}
              </th>
            ))}
            <th>{text("usage.state")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, isShown, row }) => (
            <tr key={key} aria-current={isShown || undefined}>
              <td>{name}</td>
              {FIGURES.map((figure) => (
                <td key={figure} className="num">
                  {shown(figure, row[figure])}
                </td>
              ))}
              {"people" in row && <td className="num">{count(row.people)}</td>}
              <td>
                {row.is_final ? (
                  <Badge tone="good" mark="✓">
                    {text("usage.final")}
                  </Badge>
                ) : (
                  <Badge mark="…">{text("usage.open")}</Badge>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Days({ month, days, search }: { month: string; days: UsageDay[]; search: UsageSearch }) {
  const figure = search.figure ?? "messages";
  const used = days.filter(({ day }) => day.startsWith(month));
  return (
    <section className="panel" aria-label={text("usage.by_day")}>
      <Head title={monthName(month)}>
        <nav className="segments end" aria-label={text("usage.bars_of")}>
          {FIGURES.map((other) => (
            <Link
              key={other}
              to="/admin/usage"
              search={usageSearch({ ...search, figure: other })}
              className="button"
              activeOptions={WHOLE}
              aria-current={other === figure ? "true" : undefined}
              replace
            >
              {text(TITLES[other])}
            </Link>
          ))}
        </nav>
      </Head>
      {used.length === 0 ? (
        <Empty title={text("usage.nothing")} />
      ) : (
        <>
          <Bars month={month} days={used} figure={figure} />
          <details className="panel-body">
            <summary>{text("usage.as_table")}</summary>
            <p>
              <a className="button" href={usageFile(search, "day")} download>
                {text("audit.csv")}
              </a>
            </p>
            <Table
              first={text("usage.day")}
              rows={used.map((row) => ({ key: row.day, name: utcDay(row.day), row }))}
            />
          </details>
        </>
      )}
    </section>
  );
}

const HEIGHT = 96;
const STEP = 20;

/** A bar for each day of the month; what they say is in the table below as well. */
function Bars({ month, days, figure }: { month: string; days: UsageDay[]; figure: Figure }) {
  const all = daysOf(month);
  const of = new Map(days.map((row) => [row.day, row]));
  const most = Math.max(...days.map((row) => row[figure]), 1);
  const said = days.map((row) => `${utcDay(row.day)}: ${shown(figure, row[figure])}`);
  return (
    <figure className="usage-bars">
      <figcaption className="soft small">
        {text("usage.most", { figure: text(TITLES[figure]), most: shown(figure, most) })}
      </figcaption>
      <svg
        viewBox={`0 0 ${all.length * STEP} ${HEIGHT + 1}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${text(TITLES[figure])}. ${said.join(", ")}`}
      >
        <line x1="0" y1={HEIGHT} x2={all.length * STEP} y2={HEIGHT} />
        {all.map((day, at) => {
          const row = of.get(day);
          const value = row?.[figure] ?? 0;
          const height = value === 0 ? 0 : Math.max((value / most) * (HEIGHT - 2), 1.5);
          return (
            <g key={day}>
              <rect
                className={row && !row.is_final ? "open" : undefined}
                x={at * STEP + 3}
                y={HEIGHT - height}
                width={STEP - 6}
                height={height}
              >
                <title>{`${utcDay(day)}: ${shown(figure, value)}`}</title>
              </rect>
            </g>
          );
        })}
      </svg>
      <div className="usage-axis soft small" aria-hidden="true">
        {[all[0], all[Math.floor(all.length / 2)], all.at(-1)].map((day) => (
          <span key={day}>{utcDay(day ?? "")}</span>
        ))}
      </div>
    </figure>
  );
}
