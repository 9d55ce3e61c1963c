// What a reader may say of a hand-off: a partner accepts or disputes its own, the tenant settles.
import type { Handoff } from "@/api/types";
import { text } from "@/i18n";
import { useMay, useSession } from "@/ui/session";
import { type AnswerWord, canBeAnswered, isParty, openDispute } from "./words";

export function HandoffActions({
  handoff,
  answer,
}: {
  handoff: Handoff;
  answer: (word: AnswerWord) => void;
}) {
  const { partner } = useSession();
  if (!useMay("answer_handoff") || !canBeAnswered(handoff)) return null;
  if (partner === null)
    return openDispute(handoff) ? (
      <button type="button" className="button" onClick={() => answer("settle")}>
        {text("handoff.settle")}
      </button>
    ) : null;
  if (!isParty(handoff, partner)) return null;
  return (
    <span className="filters">
      <button type="button" className="button" onClick={() => answer("accept")}>
        {text("handoff.accept")}
      </button>
      <button type="button" className="button" onClick={() => answer("dispute")}>
        {text("handoff.dispute")}
      </button>
    </span>
  );
}
