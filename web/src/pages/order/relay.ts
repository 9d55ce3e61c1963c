// The relay as numbers: from an order's state to lanes, spans of custody, passings of the baton and
// points of progress. Pure; `Relay.tsx` draws it.
import type { Classifier, Handoff, Happened, Order, PartnerRole } from "@/api/types";

export interface Span {
  from: number;
  /** Null where it goes on. */
  to: number | null;
}

export interface Mark {
  milestone: string;
  classifier: Classifier;
  from: number;
  to: number;
}

export interface Lane {
  key: string;
  role: PartnerRole;
  partner: string | null;
  held: Span[];
  marks: Mark[];
  clocks: LaneClock[];
}

export interface LaneClock {
  name: string;
  state: string;
  start: number;
  due: number;
  end: number | null;
}

/** The baton between two lanes: given at `from`, taken at `to`; a gap where nobody had it. */
export interface Passing {
  handoff: string;
  stage: string;
  fromLane: number;
  toLane: number;
  from: number;
  to: number;
  gap: boolean;
}

export interface Relay {
  start: number;
  end: number;
  now: number;
  lanes: Lane[];
  passings: Passing[];
}

/** Shorter than this is how partners' clocks and scans differ, not a gap in custody. */
const GAP_MS = 4 * 3_600_000;
const HOUR_MS = 3_600_000;

const middle = (when: Happened): number =>
  (Date.parse(when.earliest) + Date.parse(when.latest)) / 2;

interface Passed {
  given: number | null;
  taken: number | null;
}

/** When the giver let go and the taker took it, as far as either has been said. */
export function passed(handoff: Handoff): Passed {
  const stage = handoff.stage;
  switch (stage.stage) {
    case "planned":
    case "offered":
    case "refused":
      return { given: null, taken: null };
    case "accepted":
      return { given: null, taken: null };
    case "released":
      return { given: middle(stage.at), taken: null };
    case "received":
      return { given: null, taken: middle(stage.at) };
    case "reconciled":
    case "disputed":
    case "settled":
      return {
        given: stage.released_at ? middle(stage.released_at) : null,
        taken: stage.received_at ? middle(stage.received_at) : null,
      };
  }
}

const laneKey = (role: PartnerRole, partner: string | null | undefined) =>
  `${role} ${partner ?? ""}`;

/** Lanes in the order of the journey, without those that the order passed by. */
function lanesOf(order: Order): Lane[] {
  const lanes = new Map<string, Lane>();
  const add = (role: PartnerRole, partner: string | null | undefined) => {
    const key = laneKey(role, partner);
    if (!lanes.has(key))
      lanes.set(key, { key, role, partner: partner ?? null, held: [], marks: [], clocks: [] });
  };
  const holder = order.holder;
  const holderKey = holder ? laneKey(holder.role, holder.partner) : null;
  for (const handoff of order.handoffs) {
    const untouched = handoff.stage.stage === "planned";
    const given = laneKey(handoff.from, handoff.from_partner);
    // A way that was planned, and that the baton did not take.
    const passedBy = untouched && !lanes.has(given) && given !== holderKey && lanes.size > 0;
    if (!passedBy) add(handoff.from, handoff.from_partner);
    if (!passedBy || !untouched) add(handoff.to, handoff.to_partner);
  }
  if (holder) add(holder.role, holder.partner);
  return [...lanes.values()];
}

function pass(order: Order, lanes: Lane[], now: number): Passing[] {
  const at = new Map(lanes.map((lane, index) => [lane.key, index]));
  const passings: Passing[] = [];
  for (const handoff of order.handoffs) {
    const fromLane = at.get(laneKey(handoff.from, handoff.from_partner));
    const toLane = at.get(laneKey(handoff.to, handoff.to_partner));
    const { given, taken } = passed(handoff);
    if (fromLane === undefined || toLane === undefined) continue;
    if (given === null && taken === null) continue;
    const from = given ?? taken ?? now;
    const to = taken ?? (given === null ? from : now);
    const gap = to - from > GAP_MS;
    passings.push({
      handoff: handoff.name,
      stage: handoff.stage.stage,
      fromLane,
      toLane,
      from,
      to,
      gap,
    });
  }
  return passings;
}

/** Each taking begins a span; the next giving of that lane ends it. */
function hold(lanes: Lane[], passings: Passing[], order: Order, start: number): void {
  const holder = order.holder ? laneKey(order.holder.role, order.holder.partner) : null;
  lanes.forEach((lane, index) => {
    const taken = passings.filter((p) => p.toLane === index && p.fromLane !== index);
    const given = passings.filter((p) => p.fromLane === index && p.toLane !== index);
    const starts = taken.filter((p) => p.stage !== "released").map((p) => p.to);
    if (taken.length === 0 && given.length > 0)
      starts.push(Math.min(start, given[0]?.from ?? start));
    if (starts.length === 0 && holder === lane.key)
      starts.push(order.holder?.since ? Date.parse(order.holder.since) : start);
    for (const from of [...new Set(starts)].sort((a, b) => a - b)) {
      const ends = given.map((p) => p.from).filter((end) => end >= from);
      const to = ends.length > 0 ? Math.max(...ends) : holder === lane.key ? null : from;
      const last = lane.held.at(-1);
      // Parts of one order that came one after another are held together.
      if (last && (last.to === null || last.to >= from)) {
        last.to = last.to === null || to === null ? null : Math.max(last.to, to);
      } else lane.held.push({ from, to });
    }
  });
}

function mark(order: Order, lanes: Lane[]): void {
  const everything = [order.milestones, ...order.objects.map((object) => object.milestones)].flat();
  const seen = new Set<string>();
  for (const { milestone, current } of everything)
    for (const version of Object.values(current)) {
      if (!version) continue;
      const lane =
        lanes.find((each) => each.role === version.role) ??
        lanes.find((each) => each.held.length > 0);
      const [from, to] = [Date.parse(version.at.earliest), Date.parse(version.at.latest)];
      const key = `${lane?.key} ${milestone} ${version.classifier} ${from}`;
      if (lane === undefined || seen.has(key)) continue;
      seen.add(key);
      lane.marks.push({ milestone, classifier: version.classifier, from, to });
    }
  for (const lane of lanes) lane.marks.sort((a, b) => a.from - b.from);
}

function time(order: Order, lanes: Lane[]): void {
  for (const { name, owner, clock, started_at } of order.clocks) {
    const lane = lanes.find((each) => each.role === owner);
    const state = clock.state;
    const end = "at" in state ? Date.parse(state.at) : null;
    lane?.clocks.push({
      name,
      state: state.state,
      start: Date.parse(started_at),
      due: Date.parse(clock.due_at),
      end,
    });
  }
}

/** The relay of an order, with room on both sides of everything that it shows. */
export function relayOf(order: Order): Relay {
  const now = Date.parse(order.derived_at);
  const lanes = lanesOf(order);
  const passings = pass(order, lanes, now);
  mark(order, lanes);
  time(order, lanes);
  const firsts = [
    ...lanes.flatMap((lane) =>
      lane.marks.filter((m) => m.classifier === "actual").map((m) => (m.from + m.to) / 2),
    ),
    ...passings.map((p) => p.from),
  ];
  const start = firsts.length > 0 ? Math.min(...firsts) : now - HOUR_MS;
  hold(lanes, passings, order, start);
  const lasts = [
    ...passings.map((p) => p.to),
    ...lanes.flatMap((lane) => lane.marks.map((m) => (m.from + m.to) / 2)),
    ...[order.promise.current, order.promise.projected].flatMap((w) => (w ? [middle(w)] : [])),
    ...lanes.flatMap((lane) => lane.clocks.map((clock) => clock.end ?? clock.due)),
  ];
  const open = order.holder !== null && order.phase !== "closed" && order.phase !== "cancelled";
  const last = Math.max(start + HOUR_MS, ...lasts);
  // An order that is long done does not stretch to this day.
  const reach = last - start;
  const end = open && now - last < reach ? Math.max(last, now) : last;
  const room = Math.max(HOUR_MS, (end - start) * 0.04);
  return { start: start - room, end: end + room, now, lanes, passings };
}

/** Steps for an axis of so many pixels: hours, days or weeks, at instants that people name. */
export function ticks(start: number, end: number, most: number): number[] {
  const steps = [1, 3, 6, 12, 24, 48, 96, 168, 336, 720].map((hours) => hours * HOUR_MS);
  const step = steps.find((each) => (end - start) / each <= most) ?? (end - start) / most;
  const first = new Date(start);
  first.setHours(0, 0, 0, 0);
  const found: number[] = [];
  for (let at = first.getTime(); at < end; at += step) if (at > start) found.push(at);
  return found;
}

/** A name in so many lines of so many letters: cut between words where that will do, else with a mark. */
export function nameLines(name: string, chars: number, lines: number): string[] {
  const words = name.split(" ");
  const found: string[] = [];
  while (words.length > 0 && found.length < lines) {
    let line = words.shift() ?? "";
    while (words[0] !== undefined && `${line} ${words[0]}`.length <= chars)
      line += ` ${words.shift()}`;
    const isCut = line.length > chars || (found.length === lines - 1 && words.length > 0);
    found.push(isCut ? `${[line, ...words].join(" ").slice(0, chars - 1)}…` : line);
    if (isCut) break;
  }
  return found;
}
