// Every fact that the order reaches, newest first.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type NameOf, useNames } from "@/api/names";
import { timeline } from "@/api/queries";
import type { ShownFact } from "@/api/types";
import { text, word } from "@/i18n";
import { When } from "@/ui/Instant";
import { Skeleton, Trouble } from "@/ui/states";
import { sentence, subject } from "./statement";

/** What moves an order; the rest names things and says how they belong together. */
const NEWS = [
  "progress",
  "trouble",
  "retracted",
  "waived",
  "noted",
  "struck",
  "acted",
  "unmapped",
  "message_fault",
];

export function Timeline({ id, asOf }: { id: string; asOf: string | undefined }) {
  const nameOf = useNames(id);
  const found = useInfiniteQuery(timeline(id));
  const [all, setAll] = useState(false);
  if (found.isPending) return <Skeleton rows={8} />;
  if (found.error) return <Trouble error={found.error} />;
  const facts = found.data.pages
    .flatMap((page) => page.items)
    .filter((fact) => asOf === undefined || fact.recorded_at <= asOf)
    .filter((fact) => all || NEWS.some((kind) => kind in fact.stated))
    .sort((a, b) => b.happened.latest.localeCompare(a.happened.latest));
  return (
    <>
      <div className="panel-body">
        <label>
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />{" "}
          {text("timeline.all")}
        </label>
      </div>
      <ol className="plain-list">
        {facts.map((fact) => (
          <Row key={fact.id} fact={fact} nameOf={nameOf} />
        ))}
      </ol>
    </>
  );
}

function Row({ fact, nameOf }: { fact: ShownFact; nameOf: NameOf }) {
  const about = subject(fact);
  return (
    <li className="timeline-row">
      <When when={fact.happened} />
      <span>
        {sentence(fact.stated, nameOf)}
        {about && <span className="soft small"> · {about}</span>}
      </span>
      <span className="soft small">{word("own_source", fact.source)}</span>
    </li>
  );
}
