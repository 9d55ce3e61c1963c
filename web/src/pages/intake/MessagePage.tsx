// One message: its bytes as they came, and what was read of them. Pointing at a fact marks its bytes.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useNames } from "@/api/names";
import { message as messageQuery } from "@/api/queries";
import type { Place, ShownFact } from "@/api/types";
import { text, word } from "@/i18n";
import { bytes } from "@/i18n/format";
import { Badge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { Parts } from "@/ui/Parts";
import { type Range, RawBytes } from "@/ui/RawBytes";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { sentence, subject } from "../order/statement";
import { faultParts, partText, placeText } from "./faults";
import { IntakeTabs } from "./IntakeTabs";

function rangeOf(place: Place): Range | null {
  return typeof place === "object" && "segment" in place ? place.segment : null;
}

export function MessagePage() {
  const nameOf = useNames();
  const { id } = useParams({ from: "/intake/messages/$id" });
  const found = useQuery(messageQuery(id));
  const [chosen, setChosen] = useState<ShownFact | null>(null);
  if (found.isPending) return <Skeleton rows={8} />;
  if (!found.data) return <Trouble error={found.error} retry={() => found.refetch()} />;
  const message = found.data;
  const range = chosen && rangeOf(chosen.place);
  return (
    <div className="page">
      <IntakeTabs />
      <div className="page-head">
        <h2 className="mono">{message.id}</h2>
        <dl className="facts">
          <div>
            <dt>{text("intake.source")}</dt>
            <dd>{word("own_source", message.source)}</dd>
          </div>
          <div>
            <dt>{text("intake.received")}</dt>
            <dd>
              <Instant at={message.received_at} />
            </dd>
          </div>
          <div>
            <dt>{text("intake.type")}</dt>
            <dd>{message.content_type}</dd>
          </div>
          <div>
            <dt>{text("intake.size")}</dt>
            <dd>{bytes(message.size_bytes)}</dd>
          </div>
          <div>
            <dt>{text("intake.repeats")}</dt>
            <dd>{message.repeats}</dd>
          </div>
        </dl>
      </div>
      {message.quarantine.map((item) => (
        <p key={item.id} className="note bad">
          <Link to="/intake/quarantine/$id" params={{ id: item.id }}>
            {partText(item.part)}
          </Link>{" "}
          <Badge>{word("quarantine_state", item.state)}</Badge>{" "}
          <span className="soft">
            <Parts of={faultParts(item.code, item.error)} />
          </span>
        </p>
      ))}
      <div className="columns">
        <section className="panel">
          <div className="panel-head">
            <h2>{text("evidence.bytes")}</h2>
          </div>
          <div className="panel-body">
            <RawBytes key={chosen?.id} message={id} ranges={range ? [range] : []} whole />
          </div>
        </section>
        <section className="panel">
          <div className="panel-head">
            <h2>{text("intake.facts", { count: message.facts.length })}</h2>
          </div>
          {message.facts.length === 0 && <Empty title={text("intake.no_facts")} />}
          <ul className="plain-list facts-list">
            {message.facts.map((fact) => (
              <li key={fact.id} className="timeline-row">
                <span className="soft small">{subject(fact) || text("intake.about_order")}</span>
                <button
                  type="button"
                  className="link-button"
                  aria-pressed={chosen?.id === fact.id}
                  onClick={() => setChosen(fact)}
                >
                  {sentence(fact.stated, nameOf)}
                </button>
                <span className="soft small">{placeText(fact.place)}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </div>
  );
}
