// The relay, drawn: one lane a partner, the baton passing between them, on one axis of time. Every
// mark opens its evidence.
import { useEffect, useRef, useState } from "react";
import type { Classifier, Order } from "@/api/types";
import { text, word } from "@/i18n";
import { dateTime, day, length } from "@/i18n/format";
import { LaneName, namesFor, TRACK } from "./LaneName";
import { type Relay as Drawn, type Lane, type Mark, type Passing, relayOf, ticks } from "./relay";

const TOP = 54;
const LANE = 64;
const FOOT = 26;
const TICK_PX = 96;
interface Properties {
  order: Order;
  nameOf: (partner: string) => string;
  /** Whether it is what was known at an earlier instant. */
  then: boolean;
  open: (claim: string) => void;
}

export function Relay({ order, nameOf, then, open }: Properties) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(900);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(300, Math.floor(entry.contentRect.width)));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const relay = relayOf(order);
  const height = TOP + relay.lanes.length * LANE + FOOT;
  const names = namesFor(width);
  const left = names.px;
  const x = (at: number) =>
    left + ((at - relay.start) / (relay.end - relay.start)) * (width - left);
  return (
    <div ref={box} className="relay">
      <svg width={width} height={height} role="group" aria-label={text("relay.label")}>
        <Axis relay={relay} x={x} left={left} width={width} height={height} />
        {relay.lanes.map((lane, index) => (
          <LaneRow
            key={lane.key}
            lane={lane}
            top={TOP + index * LANE}
            relay={relay}
            x={x}
            left={left}
            width={width}
            nameOf={nameOf}
          />
        ))}
        {relay.passings.map((passing) => (
          <PassingMark
            key={`${passing.handoff} ${passing.from} ${passing.toLane}`}
            passing={passing}
            x={x}
            open={open}
          />
        ))}
        <PromiseLines
          order={order}
          relay={relay}
          x={x}
          width={width}
          height={height}
          then={then}
          open={open}
        />
        {relay.lanes.map((lane, index) => (
          <LaneMarks
            key={lane.key}
            lane={lane}
            top={TOP + index * LANE}
            x={x}
            left={left}
            open={open}
          />
        ))}
        {relay.lanes.map((lane, index) => (
          <LaneName
            key={lane.key}
            lane={lane}
            top={TOP + index * LANE}
            names={names}
            nameOf={nameOf}
          />
        ))}
      </svg>
      <Legend />
    </div>
  );
}

type X = (at: number) => number;

function Axis({
  relay,
  x,
  left,
  width,
  height,
}: {
  relay: Drawn;
  x: X;
  left: number;
  width: number;
  height: number;
}) {
  const now = x(relay.now);
  return (
    <g aria-hidden="true">
      {ticks(relay.start, relay.end, Math.max(2, Math.floor((width - left) / TICK_PX))).map(
        (at) => (
          <g key={at}>
            <line x1={x(at)} x2={x(at)} y1={TOP - 6} y2={height - FOOT} className="relay-tick" />
            <text
              x={x(at)}
              y={height - 9}
              textAnchor={anchor(x(at), left, width)}
              className="relay-small"
            >
              {new Date(at).getHours() === 0
                ? day(new Date(at).toISOString())
                : dateTime(new Date(at).toISOString())}
            </text>
          </g>
        ),
      )}
      {now <= width && (
        <rect
          x={now}
          y={TOP - 6}
          width={width - now}
          height={height - TOP - FOOT + 6}
          className="relay-future"
        />
      )}
    </g>
  );
}

/** Words near an edge would be cut in the middle. */
const anchor = (at: number, left: number, width: number) =>
  at < left + 40 ? "start" : at > width - 40 ? "end" : "middle";

function LaneRow(properties: {
  lane: Lane;
  top: number;
  relay: Drawn;
  x: X;
  left: number;
  width: number;
  nameOf: (partner: string) => string;
}) {
  const { lane, top, relay, x, left, width, nameOf } = properties;
  const y = top + TRACK;
  const name = lane.partner === null ? word("party", lane.role) : nameOf(lane.partner);
  return (
    <g>
      <line x1={0} x2={width} y1={top} y2={top} className="relay-edge" />
      <line x1={left} x2={width} y1={y} y2={y} className="relay-track" />
      {lane.held.map((span) => {
        const to = span.to ?? Math.max(relay.now, span.from);
        return (
          <rect
            key={span.from}
            x={x(span.from)}
            y={y - 7}
            width={Math.max(4, x(Math.min(to, relay.end)) - x(span.from))}
            height={14}
            rx={4}
            className={span.to === null ? "relay-held now" : "relay-held"}
          >
            <title>
              {text("relay.held", { partner: name, length: length((to - span.from) / 1000) })}
            </title>
          </rect>
        );
      })}
      {lane.clocks.map((clock, index) => {
        const end = clock.end ?? clock.due;
        const late = clock.state === "breached";
        const at = y + 12 + (index % 3) * 5;
        return (
          <g
            key={`${clock.name} ${clock.start}`}
            className={late ? "relay-clock late" : "relay-clock"}
          >
            <title>
              {word("agreed", clock.name)}: {word("clock", clock.state)}
            </title>
            <line
              x1={x(clock.start)}
              x2={x(Math.max(end, late ? relay.now : end))}
              y1={at}
              y2={at}
            />
            <line x1={x(clock.due)} x2={x(clock.due)} y1={at - 3} y2={at + 3} />
          </g>
        );
      })}
    </g>
  );
}

function LaneMarks({
  lane,
  top,
  x,
  left,
  open,
}: {
  lane: Lane;
  top: number;
  x: X;
  left: number;
  open: (claim: string) => void;
}) {
  const y = top + TRACK;
  return (
    <g>
      {lane.marks.map((mark) => (
        <MilestoneMark
          key={`${mark.milestone} ${mark.classifier} ${mark.from}`}
          mark={mark}
          y={y}
          x={x}
          left={left}
          open={open}
        />
      ))}
    </g>
  );
}

/** A shape each, so that no colour is needed to tell them apart. */
export function Shape({ classifier, x, y }: { classifier: Classifier; x: number; y: number }) {
  const className = `relay-shape ${classifier}`;
  switch (classifier) {
    case "actual":
      return <circle cx={x} cy={y} r={5} className={className} />;
    case "requested":
      return <circle cx={x} cy={y} r={5} className={className} />;
    case "promised":
      return <path d={`M${x} ${y - 7} l7 5 l-7 5 z M${x} ${y - 7} v14`} className={className} />;
    case "planned":
      return <rect x={x - 4.5} y={y - 4.5} width={9} height={9} className={className} />;
    case "estimated":
      return <path d={`M${x} ${y - 6} l6 6 l-6 6 l-6 -6 z`} className={className} />;
    case "appointed":
      return <path d={`M${x - 6} ${y + 5} l6 -11 l6 11 z`} className={className} />;
  }
}

function MilestoneMark({
  mark,
  y,
  x,
  left,
  open,
}: {
  mark: Mark;
  y: number;
  x: X;
  left: number;
  open: (claim: string) => void;
}) {
  const at = x((mark.from + mark.to) / 2);
  const label = `${word("milestone", mark.milestone)} (${word("classifier", mark.classifier)}), ${dateTime(new Date((mark.from + mark.to) / 2).toISOString())}`;
  return (
    <Opening label={label} open={() => open(`milestone:${mark.milestone}`)}>
      {x(mark.to) - x(mark.from) > 12 && (
        <line
          x1={Math.max(left, x(mark.from))}
          x2={x(mark.to)}
          y1={y}
          y2={y}
          className="relay-uncertain"
        />
      )}
      <Shape classifier={mark.classifier} x={at} y={y} />
    </Opening>
  );
}

function PassingMark({
  passing,
  x,
  open,
}: {
  passing: Passing;
  x: X;
  open: (claim: string) => void;
}) {
  const y = (lane: number) => TOP + lane * LANE + TRACK;
  const [from, to] = [x(passing.from), x(passing.to)];
  const [upper, lower] = [y(passing.fromLane), y(passing.toLane)];
  const gap = length((passing.to - passing.from) / 1000);
  const label = `${word("handoff", passing.handoff)}: ${word("stage", passing.stage)}${passing.gap ? `, ${text("relay.gap", { length: gap })}` : ""}`;
  const className = passing.gap || passing.stage === "disputed" ? "relay-pass gap" : "relay-pass";
  return (
    <Opening label={label} open={() => open(`handoff:${passing.handoff}`)}>
      {passing.gap && (
        <rect
          x={from}
          y={Math.min(upper, lower)}
          width={to - from}
          height={Math.abs(lower - upper)}
          className="relay-gap"
        />
      )}
      <path d={`M${from} ${upper} L${to} ${lower}`} className={className} />
      {passing.gap && to - from > 70 && (
        <text
          x={(from + to) / 2}
          y={(upper + lower) / 2 + 4}
          textAnchor="middle"
          className="relay-small bad"
        >
          {text("relay.gap", { length: gap })}
        </text>
      )}
    </Opening>
  );
}

function Opening({
  label,
  open,
  children,
}: {
  label: string;
  open: () => void;
  children: React.ReactNode;
}) {
  return (
    // A button of HTML cannot stand within a drawing.
    <g
      role="button"
      tabIndex={0}
      aria-label={label}
      className="relay-opening"
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") open();
      }}
    >
      <title>{label}</title>
      {children}
    </g>
  );
}

/** Requested, promised, projected and now, across all lanes; their words in two rows on top. */
function PromiseLines({
  order,
  relay,
  x,
  width,
  height,
  then,
  open,
}: {
  order: Order;
  relay: Drawn;
  x: X;
  width: number;
  height: number;
  then: boolean;
  open: (claim: string) => void;
}) {
  const middle = (when: { earliest: string; latest: string }) => Date.parse(when.latest);
  const lines: { key: string; at: number; row: number; claim?: string }[] = [];
  const { requested, current, projected } = order.promise;
  if (requested) lines.push({ key: "requested", at: middle(requested), row: 0, claim: "promise" });
  if (current) lines.push({ key: "promised", at: middle(current), row: 0, claim: "promise" });
  if (projected) lines.push({ key: "projected", at: middle(projected), row: 1 });
  lines.push({ key: "now", at: relay.now, row: 2 });
  return (
    <g>
      {lines
        .filter(({ at }) => at >= relay.start && at <= relay.end)
        .map(({ key, at, row, claim }) => {
          const line = (
            <>
              <line
                x1={x(at)}
                x2={x(at)}
                y1={12 + row * 15}
                y2={height - FOOT}
                className={`relay-line ${key}`}
              />
              <text
                x={x(at) + (x(at) > width - 90 ? -5 : 5)}
                y={12 + row * 15}
                textAnchor={x(at) > width - 90 ? "end" : "start"}
                className={`relay-word ${key}`}
              >
                {text(then && key === "now" ? "relay.then" : (`relay.${key}` as "relay.now"))}
              </text>
            </>
          );
          return claim ? (
            <Opening
              key={key}
              label={`${text(`relay.${key}` as "relay.now")} ${dateTime(new Date(at).toISOString())}`}
              open={() => open(claim)}
            >
              {line}
            </Opening>
          ) : (
            <g key={key}>{line}</g>
          );
        })}
    </g>
  );
}

const CLASSIFIERS: Classifier[] = [
  "requested",
  "promised",
  "planned",
  "appointed",
  "estimated",
  "actual",
];

function Legend() {
  return (
    <ul className="relay-legend soft small">
      {CLASSIFIERS.map((classifier) => (
        <li key={classifier}>
          <svg width={16} height={16} aria-hidden="true">
            <Shape classifier={classifier} x={8} y={8} />
          </svg>
          {word("classifier", classifier)}
        </li>
      ))}
      <li>
        <span className="legend-held" aria-hidden="true" /> {text("relay.legend_held")}
      </li>
      <li>
        <span className="legend-gap" aria-hidden="true" /> {text("relay.legend_gap")}
      </li>
      <li>
        <span className="legend-clock" aria-hidden="true" /> {text("relay.legend_clock")}
      </li>
    </ul>
  );
}
