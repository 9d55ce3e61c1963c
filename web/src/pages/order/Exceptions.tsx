// The order's exceptions, those of its shipments and invoices among them, and what a person can say.
import type { NameOf } from "@/api/names";
import type { Order, OrderException } from "@/api/types";
import { text, word } from "@/i18n";
import { money } from "@/i18n/format";
import { said } from "@/i18n/said";
import { Badge, SeverityBadge, type Tone } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { Empty } from "@/ui/states";
import { person } from "../handoffs/words";
import { shownIdentifier } from "./statement";

const TONES: Record<string, Tone> = { open: "bad", cleared: "good", disproved: "plain" };
const MARKS: Record<string, string> = {
  open: "!",
  cleared: "✓",
  waived: "⊘",
  disproved: "×",
  not_provable: "?",
};

export function exceptionsOf(order: Order): OrderException[] {
  const all = [order.exceptions, ...order.objects.map((object) => object.exceptions)].flat();
  const rank = (each: OrderException) => (each.status.status === "open" ? 10 : 0) + each.severity;
  return all.sort((a, b) => rank(b) - rank(a));
}

export function raisedAt(exception: OrderException): string | null {
  return "raised_at" in exception.status ? exception.status.raised_at : null;
}

export function Exceptions({
  order,
  open,
  nameOf,
  waive,
}: {
  order: Order;
  nameOf: NameOf;
  open: (claim: string) => void;
  waive?: (exception: OrderException) => void;
}) {
  const all = exceptionsOf(order);
  return (
    <section className="panel" aria-labelledby="exceptions-title">
      <div className="panel-head">
        <h2 id="exceptions-title">{text("order.exceptions")}</h2>
        <span className="soft">{all.filter((e) => e.status.status === "open").length}</span>
      </div>
      {all.length === 0 && <Empty title={text("order.no_exceptions")} />}
      <div className="table-scroll">
        <table className="table">
          <tbody>
            {all.map((exception) => (
              <tr key={exception.id}>
                <td>
                  <SeverityBadge severity={exception.severity} />
                </td>
                <td>
                  <button
                    type="button"
                    className="link-button"
                    onClick={() => open(`exception:${exception.id}`)}
                  >
                    {word("exception", exception.code)}
                  </button>
                  <div className="soft small">{said(exception, nameOf)}</div>
                  {exception.taken && (
                    <div className="soft small">
                      {text("exceptions.taken", { who: person(exception.taken.by) })}
                    </div>
                  )}
                  {exception.object !== order.id && (
                    <div className="soft small">{shownIdentifier(exception.object_name)}</div>
                  )}
                </td>
                <td>
                  <Badge
                    tone={TONES[exception.status.status]}
                    mark={MARKS[exception.status.status]}
                  >
                    {word("exception_state", exception.status.status)}
                  </Badge>
                </td>
                <td className="num">
                  {exception.money_at_stake ? money(exception.money_at_stake) : ""}
                </td>
                <td className="num">
                  <Instant at={raisedAt(exception)} />
                </td>
                {waive && (
                  <td className="no-print">
                    {exception.status.status === "open" && (
                      <button type="button" className="button" onClick={() => waive(exception)}>
                        {text("action.waive")}
                      </button>
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
