// One scorecard: shares with their samples and intervals, hand-offs, clocks, lateness charged, exceptions.
import { Link } from "@tanstack/react-router";
import type { Card, NamedRate, Rate, Week } from "@/api/types";
import { text, word } from "@/i18n";
import { count, day, minutes, percent } from "@/i18n/format";
import "./scorecards.css";

interface Shown {
  card: Card;
  name: string;
  plays: string | null;
  from: string;
}

export function OneCard({ card, name, plays, from }: Shown) {
  const partner = card.partner ?? undefined;
  return (
    <section className="panel" aria-label={name}>
      <div className="panel-head">
        <h2>{name}</h2>
        {plays && <span className="soft">{word("party", plays)}</span>}
        <span className="end small filters">
          <Link
            to="/orders"
            search={{ partner, promised_from: from.slice(0, 10), sort: "promised" }}
          >
            {text("scorecards.orders", { count: card.orders })}
          </Link>
          <Link
            to="/orders"
            search={{ partner, promised_from: from.slice(0, 10), late: true, sort: "late" }}
          >
            {text("partners.late")}
          </Link>
        </span>
      </div>
      <div className="scorecard">
        <Share label={text("scorecards.on_time")} rate={card.on_time} main />
        <Share label={text("scorecards.by_first")} rate={card.on_time_by_first_promise} />
        <Trend weeks={card.trend} />
        <Many title={text("scorecards.gave")} rates={card.gave} kind="handoff" />
        <Many title={text("scorecards.took")} rates={card.took} kind="handoff" />
        <Many title={text("scorecards.clocks")} rates={card.clocks} kind="agreed" />
        <div>
          <h3>{text(card.partner ? "scorecards.charged" : "scorecards.late_time")}</h3>
          <p className="figure">{minutes(card.late_minutes)}</p>
          <p className="soft small">
            {text("scorecards.on_orders", { count: card.orders_charged })}
          </p>
        </div>
        <Troubles card={card} />
      </div>
    </section>
  );
}

/** A share, its sample, and its interval as a bar from 0 to 100 %. */
function Share({ label, rate, main = false }: { label: string; rate: Rate; main?: boolean }) {
  return (
    <div>
      <h3>{label}</h3>
      <p className={main ? "figure main-figure" : "figure"}>
        {rate.per_mille == null ? "–" : percent(rate.per_mille)}
      </p>
      <Interval rate={rate} />
      <p className="soft small">
        {rate.of === 0
          ? text("scorecards.nothing_due")
          : text("scorecards.sample", {
              kept: rate.kept,
              of: rate.of,
              low: percent(rate.low_per_mille ?? 0),
              high: percent(rate.high_per_mille ?? 0),
            })}
      </p>
    </div>
  );
}

function Interval({ rate }: { rate: Rate }) {
  const { low_per_mille: low, high_per_mille: high, per_mille: share } = rate;
  if (low == null || high == null || share == null) return null;
  return (
    <svg className="interval" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      <rect className="interval-all" width="1000" height="10" />
      <rect className="interval-likely" x={low} width={Math.max(high - low, 4)} height="10" />
      <rect className="interval-share" x={Math.min(share, 994)} width="6" height="10" />
    </svg>
  );
}

const TREND_HEIGHT = 36;

/** On time by weeks; a week in which nothing was due has no column. */
function Trend({ weeks }: { weeks: Week[] }) {
  const told = weeks.filter(({ on_time }) => on_time.of > 0);
  if (told.length < 2) return null;
  const said = told.map(({ from, on_time }) => `${day(from)}: ${percent(on_time.per_mille ?? 0)}`);
  return (
    <div>
      <h3>{text("scorecards.trend")}</h3>
      <svg
        className="trend"
        viewBox={`0 0 ${told.length * 12} ${TREND_HEIGHT}`}
        role="img"
        aria-label={said.join(", ")}
      >
        {told.map(({ from, on_time }, n) => {
          const height = Math.max(((on_time.per_mille ?? 0) / 1000) * TREND_HEIGHT, 1);
          return (
            <rect key={from} x={n * 12} y={TREND_HEIGHT - height} width="9" height={height}>
              <title>{said[n]}</title>
            </rect>
          );
        })}
      </svg>
      <p className="soft small">{text("scorecards.since", { from: day(told[0]?.from ?? "") })}</p>
    </div>
  );
}

function Many({ title, rates, kind }: { title: string; rates: NamedRate[]; kind: string }) {
  if (rates.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <table className="table tight">
        <tbody>
          {rates.map(({ name, rate }) => (
            <tr key={name}>
              <td>{word(kind, name)}</td>
              <td className="num">{percent(rate.per_mille ?? 0)}</td>
              <td className="num soft">
                {count(rate.kept)}/{count(rate.of)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Troubles({ card }: { card: Card }) {
  if (card.exceptions.length === 0) return null;
  const most = [...card.exceptions].sort((a, b) => b.raised - a.raised).slice(0, 6);
  return (
    <div>
      <h3>{text("scorecards.exceptions")}</h3>
      <table className="table tight">
        <tbody>
          {most.map(({ code, raised, open }) => (
            <tr key={code}>
              <td>
                <Link to="/exceptions" search={{ partner: card.partner ?? undefined, code }}>
                  {word("exception", code)}
                </Link>
              </td>
              <td className="num">{count(raised)}</td>
              <td className="num soft">
                {open > 0 ? text("scorecards.open", { count: open }) : ""}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
