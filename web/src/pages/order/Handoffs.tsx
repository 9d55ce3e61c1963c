// The order's hand-offs as both sides show them, what the partners say of them themselves, and what the
// reader may say.
import { useState } from "react";
import type { Handoff, Order } from "@/api/types";
import { text, word } from "@/i18n";
import { happened } from "@/i18n/format";
import { Badge, type Tone } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { Empty } from "@/ui/states";
import { AnswerHandoff, type Answering } from "../handoffs/AnswerHandoff";
import { HandoffActions } from "../handoffs/HandoffActions";
import { verdict } from "../handoffs/words";
import { shownIdentifier } from "./statement";

const TONES: Record<string, Tone> = { reconciled: "good", disputed: "bad", refused: "bad" };
const MARKS: Record<string, string> = {
  planned: "○",
  offered: "?",
  accepted: "✓",
  refused: "×",
  released: "→",
  received: "←",
  reconciled: "●",
  disputed: "!",
  settled: "=",
};

export function Handoffs({
  order,
  number,
  nameOf,
  open,
  fixed,
}: {
  order: Order;
  number: string;
  nameOf: (partner: string) => string;
  open: (claim: string) => void;
  /** Whether this is the past, of which nothing can be said any more. */
  fixed: boolean;
}) {
  const [answering, setAnswering] = useState<Answering | null>(null);
  if (order.handoffs.length === 0) return <Empty title={text("handoffs.none_yet")} />;
  const objectName = (id: string) => order.objects.find((object) => object.id === id)?.name;
  const at = ({ stage }: Handoff) => {
    if ("released_at" in stage)
      return [stage.released_at, stage.received_at].map((each) => (each ? happened(each) : "–"));
    if (stage.stage === "released") return [happened(stage.at), "–"];
    if (stage.stage === "received") return ["–", happened(stage.at)];
    return ["–", "–"];
  };
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            <th>{text("handoffs.handoff")}</th>
            <th>{text("handoffs.stage")}</th>
            <th className="num">{text("handoffs.given")}</th>
            <th className="num">{text("handoffs.taken")}</th>
            <th>{text("handoffs.words")}</th>
            <th className="no-print">{text("handoffs.yours")}</th>
          </tr>
        </thead>
        <tbody>
          {order.handoffs.map((handoff) => {
            const [given, taken] = at(handoff);
            const object = objectName(handoff.object);
            return (
              <tr key={`${handoff.name} ${handoff.object}`}>
                <td>
                  <button
                    type="button"
                    className="link-button"
                    onClick={() => open(`handoff:${handoff.name}`)}
                  >
                    {word("handoff", handoff.name)}
                  </button>
                  {object && <div className="soft small">{shownIdentifier(object)}</div>}
                </td>
                <td>
                  <Badge tone={TONES[handoff.stage.stage]} mark={MARKS[handoff.stage.stage]}>
                    {word("stage", handoff.stage.stage)}
                  </Badge>
                </td>
                <td className="num">{given}</td>
                <td className="num">{taken}</td>
                <td className="small">
                  {(handoff.words ?? []).map((said) => (
                    <p key={said.fact} className={said.until ? "soft" : undefined}>
                      <Instant at={said.said_at} /> {verdict(said, nameOf)}
                      <br />
                      <span className="soft">{said.reason}</span>
                    </p>
                  ))}
                </td>
                <td className="no-print">
                  {!fixed && (
                    <HandoffActions
                      handoff={handoff}
                      answer={(word) =>
                        setAnswering({ order: order.id, number, handoff, answer: word })
                      }
                    />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {answering && <AnswerHandoff {...answering} close={() => setAnswering(null)} />}
    </div>
  );
}
