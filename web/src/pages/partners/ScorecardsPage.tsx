// Scorecards: how the promised orders of a span came out, as a whole and for each partner. A share is
// never shown without its sample and the interval in which the true share lies.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { caller, partners, scorecards } from "@/api/queries";
import { text } from "@/i18n";
import { day } from "@/i18n/format";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { PartnersTabs } from "./PartnersTabs";
import { OneCard } from "./ScoreCard";
import { spanOf, WEEKS, type Weeks } from "./span";

export function ScorecardsPage() {
  const search = useSearch({ from: "/partners/scorecards" });
  const navigate = useNavigate();
  const weeks = search.weeks ?? WEEKS[0];
  const now = useQuery(caller()).data?.now;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("scorecards.title")}</h1>
        <label className="end filters">
          <span className="soft">{text("scorecards.span")}</span>
          <select
            className="input"
            value={weeks}
            onChange={(event) =>
              navigate({
                to: "/partners/scorecards",
                search: { weeks: Number(event.target.value) as Weeks },
                replace: true,
              })
            }
          >
            {WEEKS.map((many) => (
              <option key={many} value={many}>
                {text("scorecards.weeks", { count: many })}
              </option>
            ))}
          </select>
        </label>
      </div>
      <PartnersTabs />
      {now ? <Cards {...spanOf(weeks, now)} /> : <Skeleton rows={8} />}
    </div>
  );
}

function Cards({ from, until }: { from: string; until: string }) {
  const found = useQuery(scorecards({ from, until }));
  const known = useQuery(partners()).data?.items ?? [];
  if (found.isPending) return <Skeleton rows={8} />;
  if (!found.data) return <Trouble error={found.error} retry={() => found.refetch()} />;
  const { whole, partners: cards, orders, cut } = found.data;
  const named = (key: string) => known.find(({ partner }) => partner === key);
  if (orders === 0)
    return (
      <section className="panel">
        <Empty title={text("scorecards.none")}>{text("scorecards.none_hint")}</Empty>
      </section>
    );
  return (
    <>
      <p className="soft">
        {text("scorecards.over", { count: orders, from: day(from), until: day(found.data.until) })}
        {cut && ` ${text("scorecards.cut")}`}
      </p>
      {whole && <OneCard card={whole} name={text("scorecards.whole")} plays={null} from={from} />}
      {cards.map((card) => {
        const partner = named(card.partner ?? "");
        return (
          <OneCard
            key={card.partner}
            card={card}
            name={partner?.name ?? card.partner ?? ""}
            plays={partner?.role ?? null}
            from={from}
          />
        );
      })}
    </>
  );
}
