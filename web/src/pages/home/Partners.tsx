// Partners on the first page: how they do, what they dispute, what waits for them, and their feeds.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useNames } from "@/api/names";
import { handoffs, scorecards, sources } from "@/api/queries";
import type { Rate } from "@/api/types";
import { text, word } from "@/i18n";
import { count, heardSince, percent } from "@/i18n/format";
import { Badge } from "@/ui/badges";
import { useSession } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { HEALTH_MARKS, HEALTH_TONES, healthOf, isFeed } from "../partners/health";
import { spanOf } from "../partners/span";
import { Panel } from "./Panel";

const ROWS = 8;

const share = (rate: Rate) =>
  rate.per_mille == null
    ? "–"
    : `${percent(rate.per_mille)} (${count(rate.kept)}/${count(rate.of)})`;

/** On time against each promise, of all orders and of each partner's, over four weeks. */
export function Cards({ now }: { now: string | null }) {
  const found = useQuery({
    ...scorecards(spanOf(4, now ?? new Date().toISOString())),
    enabled: now !== null,
  });
  const nameOf = useNames();
  const whole = found.data?.whole;
  const cards = [
    ...(whole ? [{ name: text("scorecards.whole"), card: whole }] : []),
    ...(found.data?.partners ?? []).map((card) => ({ name: nameOf(card.partner ?? ""), card })),
  ];
  return (
    <Panel
      wide
      title={text("home.cards")}
      more={<Link to="/partners/scorecards">{text("home.all")}</Link>}
    >
      {found.isPending && <Skeleton rows={4} />}
      {found.error && <Trouble error={found.error} />}
      {found.data && (
        <div className="table-scroll" tabIndex={0} role="region" aria-label={text("home.cards")}>
          <table className="table">
            <thead>
              <tr>
                <th>{text("source.partner")}</th>
                <th className="num">{text("scorecards.on_time")}</th>
                <th className="num">{text("scorecards.by_first")}</th>
                <th className="num">{text("scorecards.by_requested")}</th>
                <th>{text("scorecards.trend")}</th>
              </tr>
            </thead>
            <tbody>
              {cards.map(({ name, card }) => (
                <tr key={name}>
                  <td>{name}</td>
                  <td className="num">{share(card.on_time)}</td>
                  <td className="num">{share(card.on_time_by_first_promise)}</td>
                  <td className="num">{share(card.on_time_by_requested)}</td>
                  <td className="nowrap">
                    {card.trend
                      .filter(({ on_time }) => on_time.of > 0)
                      .map(({ on_time }) => percent(on_time.per_mille ?? 0))
                      .join(" → ")}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

/** Hand-offs that are disputed, or that wait for the reader's partner. */
export function Handoffs({ state }: { state: "open" | "disputed" }) {
  const found = useInfiniteQuery(handoffs({ state }));
  const rows = found.data?.pages[0]?.items ?? [];
  const title = text(state === "open" ? "home.handoffs_open" : "home.handoffs_disputed");
  const search = state === "disputed" ? { state } : {};
  return (
    <Panel
      title={title}
      more={
        <Link to="/handoffs" search={search as object}>
          {text("home.all")}
        </Link>
      }
    >
      {found.isPending && <Skeleton rows={4} />}
      {found.error && <Trouble error={found.error} />}
      {found.data && rows.length === 0 && <Empty title={text("home.nothing")} />}
      <ul className="plain-list">
        {rows.slice(0, ROWS).map(({ order, handoff }) => (
          <li key={`${order.id} ${handoff.name} ${handoff.object}`} className="home-row">
            <Link
              to="/orders/$id"
              params={{ id: order.id }}
              search={{ claim: `handoff:${handoff.name}`, tab: "handoffs" }}
            >
              {order.number}
            </Link>
            <span className="home-what">{word("handoff", handoff.name)}</span>
            <span className="soft">{word("stage", handoff.stage.stage)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** The reader's own feeds. */
export function Feeds({ now }: { now: string | null }) {
  const found = useQuery(sources());
  const { partner } = useSession();
  const own = (found.data?.items ?? []).filter((each) => each.partner === partner && isFeed(each));
  const at = now ?? new Date().toISOString();
  return (
    <Panel title={text("home.feeds")} more={<Link to="/intake/send">{text("intake.send")}</Link>}>
      {found.isPending && <Skeleton rows={2} />}
      {found.error && <Trouble error={found.error} />}
      {found.data && own.length === 0 && <Empty title={text("partners.no_feed")} />}
      <ul className="plain-list">
        {own.map((source) => {
          const health = healthOf(source, at);
          return (
            <li key={source.source} className="home-row feed">
              <Link to="/partners/feeds/$source" params={{ source: source.source }}>
                {source.name}
              </Link>
              <Badge tone={HEALTH_TONES[health]} mark={HEALTH_MARKS[health]}>
                {text(`health.${health}`)}
              </Badge>
              <span className="num soft">
                {source.heard_at ? heardSince(source.heard_at, at) : "–"}
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
