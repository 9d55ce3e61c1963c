// Hand-offs that wait for somebody's word, and those that are disputed. A partner sees its own, and
// accepts or disputes them; whoever sees to partners settles what they dispute.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useNames } from "@/api/names";
import { handoffs, partners } from "@/api/queries";
import type { HandoffRow } from "@/api/types";
import { text, word } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { useSession } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { Toggle } from "@/ui/Toggle";
import { AnswerHandoff, type Answering } from "./AnswerHandoff";
import { HandoffActions } from "./HandoffActions";
import { type HandoffsSearch, handoffsSearch } from "./search";
import { verdict } from "./words";

export function HandoffsPage() {
  const search = handoffsSearch(useSearch({ strict: false }));
  const { partner: own } = useSession();
  const navigate = useNavigate();
  const set = (change: Partial<HandoffsSearch>) =>
    navigate({ to: "/handoffs", search: { ...search, ...change }, replace: true });
  const known = useQuery(partners());
  const nameOf = useNames();
  const found = useInfiniteQuery(
    handoffs({ state: search.state ?? "open", partner: search.partner }),
  );
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  // A page may be of orders without such a hand-off.
  const { hasNextPage, isFetching, fetchNextPage } = found;
  useEffect(() => {
    if (rows.length === 0 && hasNextPage && !isFetching) void fetchNextPage();
  }, [rows.length, hasNextPage, isFetching, fetchNextPage]);
  const [answering, setAnswering] = useState<Answering | null>(null);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("handoffs.title")}</h1>
        <span className="soft">{text(own ? "handoffs.hint_own" : "handoffs.hint")}</span>
      </div>
      <div className="filters">
        <Toggle
          on={search.state === undefined}
          title={text("handoffs.open")}
          set={() => set({ state: undefined })}
        />
        <Toggle
          on={search.state === "disputed"}
          title={text("handoffs.disputed")}
          set={() => set({ state: "disputed" })}
        />
        {own === null && (
          <select
            className="input"
            aria-label={text("orders.any_partner")}
            value={search.partner ?? ""}
            onChange={(event) => set({ partner: event.target.value || undefined })}
          >
            <option value="">{text("orders.any_partner")}</option>
            {known.data?.items.map(({ partner, name }) => (
              <option key={partner} value={partner}>
                {name}
              </option>
            ))}
          </select>
        )}
      </div>
      <section className="panel" aria-busy={found.isFetching}>
        {found.isPending && <Skeleton rows={8} />}
        {found.error && <Trouble error={found.error} retry={() => found.refetch()} />}
        {found.data && rows.length === 0 && !found.hasNextPage && (
          <Empty title={text("handoffs.none")}>{text("handoffs.none_hint")}</Empty>
        )}
        {rows.length > 0 && <Rows rows={rows} nameOf={nameOf} answer={setAnswering} />}
        {found.hasNextPage && (
          <p className="panel-body">
            <button
              type="button"
              className="button"
              disabled={found.isFetching}
              onClick={() => found.fetchNextPage()}
            >
              {text("handoffs.older")}
            </button>
          </p>
        )}
      </section>
      {answering && <AnswerHandoff {...answering} close={() => setAnswering(null)} />}
    </div>
  );
}

function Rows({
  rows,
  nameOf,
  answer,
}: {
  rows: HandoffRow[];
  nameOf: (partner: string) => string;
  answer: (answering: Answering) => void;
}) {
  return (
    <ul className="plain-list">
      {rows.map(({ order, handoff, object_name, awaits }) => (
        <li key={`${order.id} ${handoff.name} ${handoff.object}`} className="handoff-row">
          <div className="handoff-what">
            <Link
              to="/orders/$id"
              params={{ id: order.id }}
              search={{ claim: `handoff:${handoff.name}` }}
            >
              {text("order.title", { number: order.number })}
            </Link>
            <strong>{word("handoff", handoff.name)}</strong>
            <Badge
              tone={handoff.stage.stage === "disputed" ? "bad" : "warn"}
              mark={handoff.stage.stage === "disputed" ? "!" : "?"}
            >
              {word("stage", handoff.stage.stage)}
            </Badge>
            {object_name !== order.number && <span className="soft mono small">{object_name}</span>}
          </div>
          <div className="soft small">
            {[handoff.from_partner, handoff.to_partner]
              .map((partner, n) =>
                partner ? nameOf(partner) : word("party", n === 0 ? handoff.from : handoff.to),
              )
              .join(" → ")}
            {awaits && ` · ${text("handoffs.awaits", { partner: nameOf(awaits) })}`}
            {" · "}
            {text("orders.promised")} <Instant at={order.promised_at ?? null} />
          </div>
          {(handoff.words ?? [])
            .filter(({ until }) => until == null)
            .map((said) => (
              <p key={said.fact} className="small">
                {verdict(said, nameOf)} <span className="soft">– {said.reason}</span>
              </p>
            ))}
          <HandoffActions
            handoff={handoff}
            answer={(word) =>
              answer({ order: order.id, number: order.number, handoff, answer: word })
            }
          />
        </li>
      ))}
    </ul>
  );
}
