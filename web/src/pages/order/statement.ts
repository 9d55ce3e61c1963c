// A fact as a sentence in the reader's language.
import type { NameOf } from "@/api/names";
import type { Identifier, ShownFact, Statement, Value } from "@/api/types";
import { text, word } from "@/i18n";
import { happened, money } from "@/i18n/format";

export function shownValue(value: Value): string {
  if ("text" in value) return value.text;
  if ("money" in value) return money(value.money);
  return value.number;
}

export const shownIdentifier = (identifier: Identifier): string =>
  `${word("scheme", identifier.scheme)} ${identifier.value}`;

export function sentence(stated: Statement, nameOf: NameOf): string {
  if ("progress" in stated) {
    const { milestone, classifier, due, detail } = stated.progress;
    const parts = [`${word("milestone", milestone)} (${word("classifier", classifier)})`];
    if (due) parts.push(happened(due));
    if (detail.place) parts.push(detail.place);
    if (detail.text) parts.push(detail.text);
    return parts.join(", ");
  }
  if ("same" in stated) return text("fact.same", { other: shownIdentifier(stated.same.other) });
  if ("apart" in stated) return text("fact.apart", { other: shownIdentifier(stated.apart.other) });
  if ("related" in stated)
    return text(stated.related.presence === "removed" ? "fact.removed" : "fact.contains", {
      other: shownIdentifier(stated.related.child),
    });
  if ("within" in stated)
    return text("fact.within", { other: shownIdentifier(stated.within.parent) });
  if ("amount" in stated) {
    const { measure, quantity } = stated.amount;
    return `${word("measure", measure)}: ${quantity.value} ${quantity.unit}`;
  }
  if ("stated" in stated) {
    const { field, value } = stated.stated;
    return `${word("field", field)}: ${shownValue(value)}`;
  }
  if ("plays" in stated)
    return text("fact.plays", {
      partner: nameOf(stated.plays.partner),
      role: word("party", stated.plays.role),
    });
  if ("trouble" in stated) return word("exception", stated.trouble.exception);
  if ("unmapped" in stated) return text("fact.unmapped", { code: stated.unmapped.code.code });
  if ("retracted" in stated)
    return text("fact.retracted", {
      milestone: word("milestone", stated.retracted.milestone ?? ""),
    });
  if ("struck" in stated) return text("fact.struck", { reason: stated.struck.reason });
  if ("waived" in stated)
    return text("fact.waived", {
      exception: word("exception", stated.waived.code),
      reason: stated.waived.reason,
    });
  if ("taken" in stated)
    return text("fact.taken", { exception: word("exception", stated.taken.code) });
  if ("judged" in stated) {
    const { handoff, verdict, reason } = stated.judged;
    const kind = verdict === "settled" ? verdict : "accepted" in verdict ? "accepted" : "disputed";
    const instead =
      verdict !== "settled" && "disputed" in verdict ? `: ${verdict.disputed.instead}` : "";
    const said = `${word("verdict", kind)}${instead}`;
    return text("fact.judged", { handoff: word("handoff", handoff), said, reason });
  }
  if ("noted" in stated) return stated.noted.text;
  if ("message_fault" in stated) return stated.message_fault.text;
  if ("heard_again" in stated) return text("fact.heard_again");
  if ("acted" in stated)
    return text("fact.acted", {
      act: word("act", stated.acted.act),
      exception: word("exception", stated.acted.code),
    });
  return text("fact.delivered", { to: stated.delivered.to });
}

/** What a fact is about, where it is not the order itself. */
export function subject(fact: Pick<ShownFact, "about">): string {
  const { line, object } = fact.about;
  const name = object.kind === "order" ? "" : shownIdentifier(object);
  if (!line) return name;
  return [name, text("fact.line", { line: line.sku ?? line.number ?? "" })]
    .filter(Boolean)
    .join(", ");
}
