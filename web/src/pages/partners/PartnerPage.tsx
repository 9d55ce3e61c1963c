// A partner as a whole: how its feeds do, how its orders and hand-offs went, and what was agreed with it.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { caller, partnerProfile, scorecards } from "@/api/queries";
import type { DeclaredAt, Profile, ProfiledFeed } from "@/api/types";
import { text, word } from "@/i18n";
import { count, heardSince, length, secondsOf } from "@/i18n/format";
import { useMay } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { HealthBadge } from "./HealthBadge";
import { healthOf } from "./health";
import { PartnerLinks } from "./PartnerLinks";
import { PartnersTabs } from "./PartnersTabs";
import { OneCard } from "./ScoreCard";
import { spanOf, WEEKS } from "./span";
import "./partners.css";

export function PartnerPage() {
  const { partner } = useParams({ from: "/partners/$partner" });
  const found = useQuery(partnerProfile(partner));
  const now = useQuery(caller()).data?.now;
  if (found.isPending) return <Skeleton rows={8} />;
  if (!found.data) return <Trouble error={found.error} retry={() => found.refetch()} />;
  const profile = found.data;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{profile.name}</h1>
        <span className="soft">{word("party", profile.role)}</span>
        <PartnerLinks partner={partner} />
      </div>
      <PartnersTabs />
      <section className="panel" aria-labelledby="feeds-title">
        <div className="panel-head">
          <h2 id="feeds-title">{text("partners.feeds")}</h2>
          <span className="soft small">{text("profile.feeds_hint")}</span>
        </div>
        {profile.feeds.length === 0 && <Empty title={text("partners.no_feed")} />}
        {profile.feeds.map((feed) => (
          <FeedRow key={feed.source} feed={feed} now={now ?? new Date().toISOString()} />
        ))}
      </section>
      {now && <Performance profile={profile} now={now} />}
      <Agreements profile={profile} />
    </div>
  );
}

function FeedRow({ feed, now }: { feed: ProfiledFeed; now: string }) {
  const told = (value: string | null | undefined) => (value ? length(secondsOf(value)) : "–");
  const most = feed.unmapped.slice(0, 8);
  return (
    <div className="panel-body stack feed">
      <div className="filters">
        <strong>{feed.name}</strong>
        <HealthBadge health={healthOf(feed, now)} />
        <span className="soft small">{feed.heard_at && heardSince(feed.heard_at, now)}</span>
        <span className="end small filters">
          <Link to="/intake" search={{ source: feed.source }}>
            {text("intake.messages")}
          </Link>
          <Link to="/intake/quarantine" search={{ source: feed.source }}>
            {text("intake.quarantine")}
          </Link>
          <Declared at={feed.reader}>{feed.connector}</Declared>
        </span>
      </div>
      <dl className="facts">
        <div>
          <dt>{text("profile.cadence")}</dt>
          <dd>{told(feed.cadence)}</dd>
        </div>
        <div>
          <dt>{text("profile.lag")}</dt>
          <dd>
            {told(feed.lag)}{" "}
            {feed.lag_most && (
              <span className="soft small">
                {text("profile.lag_most", { length: told(feed.lag_most) })}
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>{text("profile.repeats")}</dt>
          <dd>{count(feed.repeats)}</dd>
        </div>
        <div>
          <dt>{text("profile.unread")}</dt>
          <dd className={feed.unread > 0 ? "bad-text" : ""}>{count(feed.unread)}</dd>
        </div>
        <div>
          <dt>{text("profile.unmapped")}</dt>
          <dd>
            {most.length === 0
              ? count(0)
              : most.map((code) => (
                  <span key={`${code.element} ${code.code}`} className="unmapped">
                    <code>{code.code}</code>{" "}
                    <span className="soft small">
                      {code.element} ×{code.count}
                    </span>
                  </span>
                ))}
          </dd>
        </div>
      </dl>
      <p className="soft small">
        {text("profile.sample", { count: feed.messages, read: feed.read })}
        {feed.silent_after &&
          ` ${text("profile.silent_after", { length: told(feed.silent_after) })}`}
      </p>
    </div>
  );
}

/** The scorecard of the last weeks, where there is one. */
function Performance({ profile, now }: { profile: Profile; now: string }) {
  const mayScore = useMay("show_scorecards");
  const { from, until } = spanOf(WEEKS[1], now);
  const found = useQuery({ ...scorecards({ from, until }), enabled: mayScore });
  if (!mayScore) return null;
  if (found.isPending) return <Skeleton rows={4} />;
  if (!found.data) return <Trouble error={found.error} retry={() => found.refetch()} />;
  const card = found.data.partners.find(({ partner }) => partner === profile.partner);
  if (!card)
    return (
      <section className="panel" aria-label={text("scorecards.title")}>
        <Empty title={text("scorecards.none")} />
      </section>
    );
  const name = text("profile.performance", { weeks: WEEKS[1] });
  return <OneCard card={card} name={name} plays={null} from={from} />;
}

function Agreements({ profile }: { profile: Profile }) {
  const { slas, handoffs, calendars } = profile;
  const time = (value: string | null | undefined) => (value ? length(secondsOf(value)) : "–");
  return (
    <section className="panel" aria-labelledby="agreed-title">
      <div className="panel-head">
        <h2 id="agreed-title">{text("profile.agreed")}</h2>
        <span className="soft small">{text("profile.agreed_hint")}</span>
      </div>
      {slas.length === 0 && handoffs.length === 0 && (
        <Empty title={text("profile.nothing_agreed")} />
      )}
      {slas.length > 0 && (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>{text("profile.sla")}</th>
                <th>{text("profile.target")}</th>
                <th>{text("profile.calendar")}</th>
                <th>{text("profile.judged")}</th>
                <th>{text("profile.paused")}</th>
              </tr>
            </thead>
            <tbody>
              {slas.map((sla) => (
                <tr key={sla.name}>
                  <td>
                    <Declared at={sla.declared}>{word("agreed", sla.name)}</Declared>
                  </td>
                  <td>{time(sla.target)}</td>
                  <td>{sla.calendar ?? text("profile.every_hour")}</td>
                  <td>{word("judged", sla.by)}</td>
                  <td>
                    {sla.pauses.map(({ during }) => word("exception", during)).join(", ") || "–"}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {handoffs.length > 0 && (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>{text("profile.handoff")}</th>
                <th>{text("profile.from_to")}</th>
                <th>{text("profile.journey")}</th>
                <th>{text("profile.target")}</th>
                <th>{text("profile.grace")}</th>
                <th>{text("profile.calendar")}</th>
              </tr>
            </thead>
            <tbody>
              {handoffs.map((handoff) => (
                <tr key={`${handoff.journey} ${handoff.name} ${handoff.gives}`}>
                  <td>{word("handoff", handoff.name)}</td>
                  <td>
                    {word("party", handoff.from)} → {word("party", handoff.to)}
                  </td>
                  <td>
                    <Declared at={handoff.declared}>{word("agreed", handoff.journey)}</Declared>
                  </td>
                  <td>{handoff.gives ? time(handoff.target) : "–"}</td>
                  <td>{time(handoff.grace)}</td>
                  <td>{handoff.calendar ?? "–"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {calendars.length > 0 && (
        <p className="panel-body">
          {text("profile.calendars")}{" "}
          {calendars.map(({ name, declared }) => (
            <span key={name} className="unmapped">
              <Declared at={declared}>{name}</Declared>
            </span>
          ))}
        </p>
      )}
    </section>
  );
}

/** A name that leads to where a pack declares it, for whoever may read packs. */
function Declared({ at, children }: { at: DeclaredAt | null | undefined; children: string }) {
  const mayRead = useMay("show_pack");
  if (!at || !mayRead) return <>{children}</>;
  return (
    <Link
      to="/packs/$pack"
      params={{ pack: at.pack }}
      search={{ version: at.version, file: at.file, line: at.line }}
    >
      {children}
    </Link>
  );
}
