// What has become different about an order between two instants, in the reader's words. Pure.
import type { NameOf } from "@/api/names";
import type { Order } from "@/api/types";
import { text, word } from "@/i18n";
import { happened } from "@/i18n/format";

export interface Change {
  what: string;
  was: string;
  is: string;
}

const NOTHING = "–";

export function changes(then: Order, now: Order, nameOf: NameOf): Change[] {
  const found: Change[] = [];
  const compare = (what: string, was: string, is: string) => {
    if (was !== is) found.push({ what, was, is });
  };
  compare(text("orders.phase"), word("phase", then.phase), word("phase", now.phase));
  const holder = (order: Order) =>
    order.holder?.partner
      ? nameOf(order.holder.partner)
      : order.holder
        ? word("party", order.holder.role)
        : NOTHING;
  compare(text("orders.holder"), holder(then), holder(now));
  for (const which of ["current", "projected"] as const) {
    const shown = (order: Order) => {
      const when = order.promise[which];
      return when ? happened(when) : NOTHING;
    };
    compare(
      text(which === "current" ? "orders.promised" : "orders.projected"),
      shown(then),
      shown(now),
    );
  }
  const open = (order: Order) => {
    const all = [order.exceptions, ...order.objects.map((object) => object.exceptions)].flat();
    return new Map(all.map((each) => [each.id, each]));
  };
  const [before, after] = [open(then), open(now)];
  for (const [id, exception] of after) {
    const was = before.get(id);
    compare(
      word("exception", exception.code),
      was ? word("exception_state", was.status.status) : NOTHING,
      word("exception_state", exception.status.status),
    );
  }
  const clocks = (order: Order) =>
    new Map(order.clocks.map(({ name, clock }) => [name, word("clock", clock.state.state)]));
  const ran = clocks(then);
  for (const [name, state] of clocks(now))
    compare(word("agreed", name), ran.get(name) ?? NOTHING, state);
  const reached = (order: Order) => {
    const all = [order.milestones, ...order.objects.map((object) => object.milestones)].flat();
    return new Set(all.filter((m) => m.current.actual).map((m) => m.milestone));
  };
  const earlier = reached(then);
  for (const milestone of reached(now))
    if (!earlier.has(milestone))
      found.push({ what: word("milestone", milestone), was: NOTHING, is: text("as_of.reached") });
  return found;
}
