// What a claim rests on: its facts, who stated each and when, and the bytes that state it.
import { useQuery } from "@tanstack/react-query";
import { type NameOf, useNames } from "@/api/names";
import { explanation } from "@/api/queries";
import type { Explained } from "@/api/types";
import { text, word } from "@/i18n";
import { Instant, When } from "@/ui/Instant";
import { RawBytes } from "@/ui/RawBytes";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { sentence, subject } from "./statement";

/** A claim as a reader would say it. */
export function claimTitle(claim: string): string {
  const [kind = "", ...rest] = claim.split(":");
  const name = rest.join(":");
  switch (kind) {
    case "milestone":
      return word("milestone", name);
    case "handoff":
      return word("handoff", name);
    case "field":
      return word("field", name);
    case "line": {
      const [line = "", measure] = rest;
      const title = text("fact.line", { line });
      return measure ? `${title}: ${word("measure", measure)}` : title;
    }
    case "clock":
      return `${text("order.clocks")}: ${word("agreed", name)}`;
    default:
      return word("claim", kind);
  }
}

export function Evidence({
  order,
  claim,
  close,
}: {
  order: string;
  claim: string;
  close: () => void;
}) {
  const found = useQuery(explanation(order, claim));
  const nameOf = useNames(order);
  return (
    <aside className="panel evidence no-print" aria-label={text("evidence.title")}>
      <div className="panel-head">
        <div>
          <span className="soft small">{text("evidence.title")}</span>
          <h2>{claimTitle(claim)}</h2>
        </div>
        <button type="button" className="button quiet end" onClick={close}>
          {text("action.close")}
        </button>
      </div>
      {found.isPending && <Skeleton />}
      {found.error && <Trouble error={found.error} />}
      {found.data?.facts.length === 0 && (
        <Empty title={text("evidence.none")}>{text("evidence.none_hint")}</Empty>
      )}
      {found.data?.facts.map((fact) => (
        <FactEvidence key={fact.id} fact={fact} nameOf={nameOf} />
      ))}
      {found.data?.more && <p className="panel-body soft">{text("evidence.more")}</p>}
    </aside>
  );
}

function FactEvidence({ fact, nameOf }: { fact: Explained; nameOf: NameOf }) {
  const about = subject(fact);
  return (
    <section className="evidence-fact">
      <div>
        <strong>{sentence(fact.stated, nameOf)}</strong>
        {about && <div className="soft small">{about}</div>}
      </div>
      <dl className="facts small">
        <div>
          <dt>{text("evidence.said_by")}</dt>
          <dd>{word("own_source", fact.source)}</dd>
        </div>
        <div>
          <dt>{text("evidence.happened")}</dt>
          <dd>
            <When when={fact.happened} />
          </dd>
        </div>
        <div>
          <dt>{text("evidence.received")}</dt>
          <dd>
            <Instant at={fact.received_at} />
          </dd>
        </div>
        <div>
          <dt>{text("evidence.recorded")}</dt>
          <dd>
            <Instant at={fact.recorded_at} />
          </dd>
        </div>
      </dl>
      {fact.message && fact.excerpt ? (
        <>
          <RawBytes message={fact.message} ranges={[fact.excerpt]} />
          <div className="soft small">
            {text("evidence.place", {
              message: fact.message,
              from: fact.excerpt.offset,
              to: fact.excerpt.offset + fact.excerpt.length,
            })}
          </div>
        </>
      ) : (
        <p className="soft small">{text("evidence.no_bytes")}</p>
      )}
    </section>
  );
}
