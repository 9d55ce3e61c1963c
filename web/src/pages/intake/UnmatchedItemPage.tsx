// One thing that hangs on no order: what is said of it, the orders that it might be of and what speaks for
// each, and the word that links it.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { type NameOf, useNames } from "@/api/names";
import { orders, unmatchedItem } from "@/api/queries";
import type { Suggestion } from "@/api/types";
import { text, word } from "@/i18n";
import { dateTime } from "@/i18n/format";
import { When } from "@/ui/Instant";
import { useMay } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { sentence, shownIdentifier } from "../order/statement";
import { IntakeTabs } from "./IntakeTabs";
import "./intake.css";

export function UnmatchedItemPage() {
  const nameOf = useNames();
  const { id } = useParams({ from: "/intake/unmatched/$id" });
  const found = useQuery(unmatchedItem(id));
  const navigate = useNavigate();
  const queries = useQueryClient();
  const mayLink = useMay("link_unmatched");
  const linking = useMutation({
    mutationFn: (order: string) =>
      ask(client.POST("/v1/unmatched/{id}/link", { params: { path: { id } }, body: { order } })),
    onSuccess: async (_, order) => {
      for (const name of ["unmatched", "orders", "order", "timeline"])
        void queries.invalidateQueries({ queryKey: [name] });
      await navigate({ to: "/orders/$id", params: { id: order }, search: { tab: "timeline" } });
    },
  });
  if (found.isPending) return <Skeleton rows={8} />;
  if (!found.data) return <Trouble error={found.error} retry={() => found.refetch()} />;
  const item = found.data;
  const link = mayLink ? (order: string) => linking.mutate(order) : undefined;
  return (
    <div className="page">
      <IntakeTabs />
      <div className="page-head">
        <h2>
          {word("object", item.kind)} {item.identifiers.map(shownIdentifier).join(" · ")}
        </h2>
      </div>
      {linking.error && <Trouble error={linking.error} />}
      <div className="columns">
        <section className="panel" aria-labelledby="suggested-title">
          <div className="panel-head">
            <h2 id="suggested-title">{text("unmatched.suggested")}</h2>
            <span className="soft">{text("unmatched.suggested_hint")}</span>
          </div>
          {item.suggestions.length === 0 && <Empty title={text("unmatched.no_suggestions")} />}
          <ul className="plain-list">
            {item.suggestions.map((suggestion) => (
              <li key={suggestion.order} className="panel-body stack suggestion">
                <div className="filters">
                  <Link to="/orders/$id" params={{ id: suggestion.order }}>
                    {text("order.title", { number: suggestion.number })}
                  </Link>
                  <span className="soft">{suggestion.customer}</span>
                  {link && (
                    <button
                      type="button"
                      className="button main end"
                      disabled={linking.isPending}
                      onClick={() => link(suggestion.order)}
                    >
                      {text("unmatched.link")}
                    </button>
                  )}
                </div>
                <Arithmetic suggestion={suggestion} />
              </li>
            ))}
          </ul>
          {link && <ByHand link={link} busy={linking.isPending} />}
        </section>
        <section className="panel" aria-labelledby="said-title">
          <div className="panel-head">
            <h2 id="said-title">{text("unmatched.said")}</h2>
          </div>
          <ul className="plain-list facts-list">
            {item.said.map((fact) => (
              <li key={fact.id} className="timeline-row">
                <When when={fact.happened} />
                <span>{sentence(fact.stated, nameOf)}</span>
                <span className="soft small">{word("own_source", fact.source)}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </div>
  );
}

/** The sum, and what it is made of. */
function Arithmetic({ suggestion }: { suggestion: Suggestion }) {
  const nameOf = useNames();
  return (
    <ul className="plain-list small">
      {suggestion.reasons.map(({ points, reason }) => (
        <li key={reason.kind}>
          <span className="num points">+{points}</span> {reasonText(reason, nameOf)}
        </li>
      ))}
      <li>
        <strong className="num points">{suggestion.points}</strong> {text("unmatched.points")}
      </li>
    </ul>
  );
}

function reasonText(reason: Suggestion["reasons"][number]["reason"], nameOf: NameOf): string {
  switch (reason.kind) {
    case "same_number":
    case "within_number":
      return text(`unmatched.${reason.kind}`, { found: reason.found, known: reason.known });
    case "near_number":
      return text("unmatched.near_number", {
        count: reason.signs,
        found: reason.found,
        known: reason.known,
      });
    case "same_partner":
      return text("unmatched.same_partner", { partner: nameOf(reason.partner) });
    case "same_place":
      return text("unmatched.same_place", { place: reason.place });
    case "same_quantity":
      return text("unmatched.same_quantity", { sku: reason.sku, quantity: reason.quantity });
    case "same_time":
      return text("unmatched.same_time", { at: dateTime(reason.placed_at) });
  }
}

/** Whoever knows better says the order's number. */
function ByHand({ link, busy }: { link: (order: string) => void; busy: boolean }) {
  const queries = useQueryClient();
  const [unknown, setUnknown] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const number = String(new FormData(event.currentTarget).get("number")).trim();
    const found = await queries.fetchInfiniteQuery(orders({ identifier: number }, 2));
    const [only, other] = found.pages[0]?.items ?? [];
    setUnknown(only && !other ? null : number);
    if (only && !other) link(only.id);
  };
  return (
    <form className="filters panel-body" onSubmit={submit}>
      <label className="filters">
        <span>{text("unmatched.by_hand")}</span>
        <input className="input" name="number" required />
      </label>
      <button type="submit" className="button" disabled={busy}>
        {text("unmatched.link")}
      </button>
      {unknown !== null && (
        <span className="bad-text" role="alert">
          {text("unmatched.no_such_order", { number: unknown })}
        </span>
      )}
    </form>
  );
}
