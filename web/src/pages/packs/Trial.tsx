// A pack tried against what happened: which of the newest messages would be read differently, and which
// of the newest orders would come out differently. The sample's size is always said.
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { text } from "@/i18n";
import { dateTime } from "@/i18n/format";
import { Badge } from "@/ui/badges";
import { ChangesTable, shownJson } from "@/ui/ChangesTable";
import { Trouble } from "@/ui/states";
import type { Draftable } from "./draft";
import { Findings } from "./Findings";
import { findingsOf } from "./findings";
import { SignedLines } from "./SignedLines";
import { type Part, useTrial } from "./trial";

const SIZES = [100, 500, 2000, 10_000];
const USUAL = 500;
/** Entries that are drawn; a rule that changes everything needs no list of it. */
const SHOWN_MAX = 200;

export function Trial({ work }: { work: Draftable }) {
  const [enough, setEnough] = useState(USUAL);
  const trial = useTrial();
  const { stop } = trial;
  useEffect(() => stop, [stop]);
  const findings = findingsOf(trial.error);
  return (
    <section className="panel" aria-label={text("packs.tab_trial")}>
      <div className="panel-head">
        <span className="soft">{text("packs.trial_hint")}</span>
        <span className="end filters">
          <label className="filters">
            <span>{text("packs.sample")}</span>
            <select
              className="input"
              value={enough}
              onChange={(event) => setEnough(Number(event.target.value))}
            >
              {SIZES.map((size) => (
                <option key={size} value={size}>
                  {text("packs.newest", { count: size })}
                </option>
              ))}
            </select>
          </label>
          {trial.running ? (
            <button type="button" className="button" onClick={trial.stop}>
              {text("packs.stop")}
            </button>
          ) : (
            <button
              type="button"
              className="button main"
              onClick={() => trial.run(work.source, enough)}
            >
              {text("packs.try")}
            </button>
          )}
        </span>
      </div>
      {findings && <Findings findings={findings} />}
      {trial.error !== null && !findings && <Trouble error={trial.error} />}
      <div className="panel-body stack trial" aria-live="polite">
        <Summary title="packs.messages_differ" part={trial.messages} />
        <ul className="plain-list stack">
          {trial.messages.found.slice(0, SHOWN_MAX).map((message) => (
            <li key={message.id}>
              <Link to="/intake/messages/$id" params={{ id: message.id }} className="mono">
                {message.id}
              </Link>{" "}
              <span className="soft">
                {message.source} · {dateTime(message.received_at)}
              </span>{" "}
              {message.readable !== message.would_be_readable && (
                <Badge
                  tone={message.would_be_readable ? "good" : "bad"}
                  mark={message.would_be_readable ? "✓" : "✕"}
                >
                  {text(message.would_be_readable ? "packs.now_readable" : "packs.now_unreadable")}
                </Badge>
              )}
              <SignedLines lines={message.difference} />
              {message.more && <p className="soft small">{text("packs.more_lines")}</p>}
            </li>
          ))}
        </ul>
        <Summary title="packs.orders_differ" part={trial.orders} />
        <ul className="plain-list stack">
          {trial.orders.found.slice(0, SHOWN_MAX).map((order) => (
            <li key={order.id}>
              <Link to="/orders/$id" params={{ id: order.id }}>
                {order.number}
              </Link>{" "}
              <span className="soft">{order.customer}</span>
              <details>
                <summary>
                  {text("what_if.differs", { count: order.differences.length })}
                  {order.more && " +"}
                </summary>
                <ChangesTable
                  mono
                  rows={order.differences.map(({ path, was, is }) => ({
                    what: path,
                    was: shownJson(was),
                    is: shownJson(is),
                  }))}
                />
              </details>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Summary({
  title,
  part,
}: {
  title: "packs.messages_differ" | "packs.orders_differ";
  part: Part<unknown>;
}) {
  if (part.lookedAt === 0 && !part.all) return null;
  return (
    <p className={part.found.length > 0 ? "note warn" : "note good"}>
      <strong>{text(title, { differ: part.found.length, looked_at: part.lookedAt })}</strong>{" "}
      {part.backTo && (
        <span className="soft">
          {text(part.all ? "packs.all_back_to" : "packs.back_to", { at: dateTime(part.backTo) })}
        </span>
      )}
    </p>
  );
}
