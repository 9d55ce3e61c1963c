// An instant or an interval: short on the page, whole and with its zone in the title.
import type { Happened } from "@/api/types";
import { word } from "@/i18n";
import { dateTime, exact, happened } from "@/i18n/format";

export function Instant({ at }: { at: string | null | undefined }) {
  if (!at) return <span className="soft">–</span>;
  return (
    <time dateTime={at} title={exact(at)} className="nowrap">
      {dateTime(at)}
    </time>
  );
}

export function When({ when }: { when: Happened | null | undefined }) {
  if (!when) return <span className="soft">–</span>;
  const title = `${exact(when.earliest)} – ${exact(when.latest)} (${word("basis", when.basis)})`;
  return (
    <time dateTime={when.earliest} title={title} className="nowrap">
      {happened(when)}
      {when.basis !== "given" && <span className="soft"> ~</span>}
    </time>
  );
}
