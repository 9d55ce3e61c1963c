// One feed: how often it speaks, how late it is with what happened, what of it nobody maps, and what
// came more than once.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { feedHealth } from "@/api/queries";
import { text, word } from "@/i18n";
import { count, length, secondsOf } from "@/i18n/format";
import { Badge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { Empty, Skeleton, Trouble } from "@/ui/states";

export function FeedPage() {
  const { source } = useParams({ from: "/partners/feeds/$source" });
  const found = useQuery(feedHealth(source));
  const lasting = (written: string | null | undefined) =>
    written ? length(secondsOf(written)) : "–";
  return (
    <div className="page">
      <div className="page-head">
        <h1>{word("own_source", source)}</h1>
        <span className="end filters">
          <Link to="/intake" search={{ source }}>
            {text("intake.messages")}
          </Link>
          <Link to="/intake/quarantine" search={{ source }}>
            {text("intake.quarantine")}
          </Link>
          <Link to="/partners">{text("partners.title")}</Link>
        </span>
      </div>
      {found.isPending && <Skeleton rows={6} />}
      {found.error && <Trouble error={found.error} retry={() => found.refetch()} />}
      {found.data && (
        <>
          <section className="panel" aria-label={text("partners.health")}>
            <div className="panel-head">
              <h2>{text("partners.health")}</h2>
              <Badge
                tone={found.data.is_silent ? "bad" : "good"}
                mark={found.data.is_silent ? "!" : "✓"}
              >
                {text(found.data.is_silent ? "health.silent" : "health.heard")}
              </Badge>
              <span className="end soft small">
                {text("feed.over", { count: found.data.messages })}{" "}
                <Instant at={found.data.since} />
              </span>
            </div>
            <dl className="figures">
              <Figure title={text("partners.heard")}>
                <Instant at={found.data.heard_at} />
              </Figure>
              <Figure title={text("partners.silent_after")}>
                {lasting(found.data.silent_after)}
              </Figure>
              <Figure title={text("feed.every")}>{lasting(found.data.every)}</Figure>
              <Figure title={text("feed.longest_gap")}>{lasting(found.data.longest_gap)}</Figure>
              <Figure title={text("feed.lag")}>{lasting(found.data.lag)}</Figure>
              <Figure title={text("feed.lag_most")}>
                {lasting(found.data.lag_of_nine_in_ten)}
              </Figure>
              <Figure title={text("feed.repeated")}>
                {count(found.data.repeated)}{" "}
                <span className="soft small">
                  {text("feed.repeats", { count: found.data.repeats })}
                </span>
              </Figure>
              <Figure title={text("feed.unreadable")}>{count(found.data.unreadable)}</Figure>
            </dl>
          </section>
          <section className="panel" aria-label={text("feed.unmapped")}>
            <div className="panel-head">
              <h2>{text("feed.unmapped")}</h2>
            </div>
            {found.data.unmapped.length === 0 && <Empty title={text("feed.all_mapped")} />}
            <ul className="plain-list">
              {found.data.unmapped.map(({ code, times, message }) => (
                <li key={`${code.system} ${code.element} ${code.code}`} className="home-row">
                  <span className="mono">{code.code}</span>
                  <span className="home-what soft">
                    {code.system} {code.element}
                  </span>
                  <span className="num">{count(times)}</span>
                  <Link to="/intake/messages/$id" params={{ id: message }}>
                    {text("intake.message")}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </div>
  );
}

function Figure({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
