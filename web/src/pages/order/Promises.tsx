// The promise ledger with each version and its reason, the clocks, and whose the late minutes are.
import type { Order } from "@/api/types";
import { text, word } from "@/i18n";
import { length, minutes, secondsOf } from "@/i18n/format";
import { Badge, type Tone } from "@/ui/badges";
import { Instant, When } from "@/ui/Instant";
import { Empty } from "@/ui/states";

const CLOCK_TONES: Record<string, Tone> = { met: "good", breached: "bad", paused: "warn" };
const CLOCK_MARKS: Record<string, string> = {
  met: "✓",
  breached: "!",
  paused: "‖",
  running: "▸",
  cancelled: "×",
};

interface Properties {
  order: Order;
  nameOf: (partner: string) => string;
  open: (claim: string) => void;
}

export function Promises({ order, nameOf, open }: Properties) {
  const { promise } = order;
  return (
    <div className="stack">
      <div className="panel-body">
        <dl className="facts">
          <div>
            <dt>{text("relay.requested")}</dt>
            <dd>
              <When when={promise.requested} />
            </dd>
          </div>
          <div>
            <dt>{text("promise.first")}</dt>
            <dd>
              <When when={promise.first} />
            </dd>
          </div>
          <div>
            <dt>{text("promise.current")}</dt>
            <dd>
              <When when={promise.current} />
            </dd>
          </div>
          <div>
            <dt>{text("relay.projected")}</dt>
            <dd>
              <When when={promise.projected} />
            </dd>
          </div>
          <div>
            <dt>{text("promise.kept")}</dt>
            <dd>{word("kept", promise.kept)}</dd>
          </div>
        </dl>
      </div>
      {promise.versions.length === 0 ? (
        <Empty title={text("promise.none")} />
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>{text("promise.stated")}</th>
              <th>{text("promise.by")}</th>
              <th>{text("lines.line")}</th>
              <th>{text("promise.for")}</th>
              <th>{text("promise.reason")}</th>
            </tr>
          </thead>
          <tbody>
            {promise.versions.map((version) => (
              <tr key={version.fact}>
                <td>
                  <When when={version.stated_at} />
                </td>
                <td>{word("party", version.by)}</td>
                <td>{version.line ?? text("promise.all_lines")}</td>
                <td>
                  <button type="button" className="link-button" onClick={() => open("promise")}>
                    <When when={version.at} />
                  </button>
                </td>
                <td>{version.reason ?? <span className="soft">–</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Clocks order={order} open={open} />
      <Liability order={order} nameOf={nameOf} />
    </div>
  );
}

function Clocks({ order, open }: { order: Order; open: (claim: string) => void }) {
  if (order.clocks.length === 0) return null;
  return (
    <>
      <div className="panel-body">
        <h3>{text("order.clocks")}</h3>
      </div>
      <table className="table">
        <thead>
          <tr>
            <th>{text("clock.name")}</th>
            <th>{text("clock.owner")}</th>
            <th>{text("clock.state")}</th>
            <th>{text("clock.started")}</th>
            <th>{text("clock.due")}</th>
            <th className="num">{text("clock.target")}</th>
          </tr>
        </thead>
        <tbody>
          {order.clocks.map(({ name, owner, clock, started_at, target }) => (
            <tr key={`${name} ${started_at}`}>
              <td>
                <button type="button" className="link-button" onClick={() => open(`clock:${name}`)}>
                  {word("agreed", name)}
                </button>
              </td>
              <td>{word("party", owner)}</td>
              <td>
                <Badge tone={CLOCK_TONES[clock.state.state]} mark={CLOCK_MARKS[clock.state.state]}>
                  {word("clock", clock.state.state)}
                </Badge>
              </td>
              <td>
                <Instant at={started_at} />
              </td>
              <td>
                <Instant at={clock.due_at} />
              </td>
              <td className="num">{length(secondsOf(target))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Liability({ order, nameOf }: { order: Order; nameOf: (partner: string) => string }) {
  if (order.liability.length === 0) return null;
  const sum = order.liability.reduce((total, charge) => total + charge.minutes, 0);
  return (
    <>
      <div className="panel-body">
        <h3>{text("liability.title")}</h3>
        <p className="soft small">{text("liability.hint")}</p>
      </div>
      <table className="table">
        <tbody>
          {order.liability.map((charge) => (
            <tr key={`${charge.handoff} ${charge.role} ${charge.partner} ${charge.minutes}`}>
              <td>
                {charge.partner ? nameOf(charge.partner) : word("party", charge.role)}{" "}
                <span className="soft small">
                  {charge.handoff && word("handoff", charge.handoff)}
                </span>
              </td>
              <td className={charge.minutes > 0 ? "num bad-text" : "num good-text"}>
                {charge.minutes > 0 ? "+" : ""}
                {minutes(charge.minutes)}
              </td>
            </tr>
          ))}
          <tr>
            <td>
              <strong>{text("liability.sum")}</strong>
            </td>
            <td className="num">
              <strong>{minutes(sum)}</strong>
            </td>
          </tr>
        </tbody>
      </table>
    </>
  );
}
