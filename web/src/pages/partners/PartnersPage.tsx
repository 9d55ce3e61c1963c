// Partners, and the health of their feeds.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { caller, partners, sources } from "@/api/queries";
import type { Source } from "@/api/types";
import { text, word } from "@/i18n";
import { heardSince, length, secondsOf } from "@/i18n/format";
import { useMay } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { HealthBadge } from "./HealthBadge";
import { healthOf, isFeed } from "./health";
import { PartnerLinks } from "./PartnerLinks";
import { PartnersTabs } from "./PartnersTabs";
import { Sight } from "./Sight";
import { NewSource, SourceActions } from "./SourceForms";
import "./partners.css";

export function PartnersPage() {
  const known = useQuery(partners());
  const feeds = useQuery(sources());
  const now = useQuery(caller()).data?.now ?? new Date().toISOString();
  const [adding, setAdding] = useState(false);
  const mayAdd = useMay("create_source");
  if (known.isPending || feeds.isPending) return <Skeleton rows={8} />;
  if (!known.data) return <Trouble error={known.error} retry={() => known.refetch()} />;
  if (!feeds.data) return <Trouble error={feeds.error} retry={() => feeds.refetch()} />;
  const of = (partner: string | null) =>
    feeds.data.items.filter((source) => (source.partner ?? null) === partner && isFeed(source));
  const own = of(null);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("partners.title")}</h1>
        {mayAdd && (
          <button type="button" className="button end" onClick={() => setAdding(true)}>
            {text("partners.new_source")}
          </button>
        )}
      </div>
      <PartnersTabs />
      {known.data.items.length === 0 && (
        <section className="panel">
          <Empty title={text("partners.none")}>{text("partners.none_hint")}</Empty>
        </section>
      )}
      {known.data.items.map((each) => {
        const { partner, name, role } = each;
        return (
          <section key={partner} className="panel" aria-label={name}>
            <div className="panel-head">
              <h2>
                <Link to="/partners/$partner" params={{ partner }}>
                  {name}
                </Link>
              </h2>
              <span className="soft">{word("party", role)}</span>
              <PartnerLinks partner={partner} />
            </div>
            <Sight partner={each} />
            <Feeds sources={of(partner)} now={now} />
          </section>
        );
      })}
      {own.length > 0 && (
        <section className="panel" aria-label={text("partners.own")}>
          <div className="panel-head">
            <h2>{text("partners.own")}</h2>
          </div>
          <Feeds sources={own} now={now} />
        </section>
      )}
      {adding && <NewSource partners={known.data.items} close={() => setAdding(false)} />}
    </div>
  );
}

function Feeds({ sources: feeds, now }: { sources: Source[]; now: string }) {
  const mayChange = useMay("change_source");
  if (feeds.length === 0) return <Empty title={text("partners.no_feed")} />;
  return (
    <div className="table-scroll">
      <table className="table feeds">
        <thead>
          <tr>
            <th>{text("intake.source")}</th>
            <th>{text("partners.connector")}</th>
            <th>{text("partners.health")}</th>
            <th>{text("partners.heard")}</th>
            <th>{text("partners.silent_after")}</th>
            <th>{text("partners.look")}</th>
            {mayChange && <th>{text("partners.change")}</th>}
          </tr>
        </thead>
        <tbody>
          {feeds.map((source) => {
            return (
              <tr key={source.source}>
                <td>
                  <Link to="/partners/feeds/$source" params={{ source: source.source }}>
                    {source.name}
                  </Link>
                  {source.name !== source.source && (
                    <div className="soft small mono">{source.source}</div>
                  )}
                </td>
                <td className="soft">{source.connector}</td>
                <td>
                  <HealthBadge health={healthOf(source, now)} />
                </td>
                <td className="nowrap">
                  {source.heard_at ? heardSince(source.heard_at, now) : "–"}
                </td>
                <td className="nowrap">
                  {source.silent_after ? length(secondsOf(source.silent_after)) : "–"}
                </td>
                <td className="nowrap">
                  <Link to="/intake" search={{ source: source.source }}>
                    {text("intake.messages")}
                  </Link>
                  {" · "}
                  <Link to="/intake/quarantine" search={{ source: source.source }}>
                    {text("intake.quarantine")}
                  </Link>
                </td>
                {mayChange && (
                  <td>
                    <SourceActions source={source} />
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
