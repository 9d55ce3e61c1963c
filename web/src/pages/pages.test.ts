// The pure halves of the pages: what is drawn, ranked, exported and compared.
import { expect, test } from "vitest";
import { parse } from "@/api/live";
import type { ExceptionRow, Handoff, Order, Source } from "@/api/types";
import { length, secondsOf } from "@/i18n/format";
import { cut } from "@/ui/RawBytes";
import { due, grouped, stake } from "./exceptions/rank";
import { nameLines, passed, relayOf, ticks } from "./order/relay";
import { orderSearch } from "./order/search";
import { csvField } from "./orders/export";
import { ordersSearch } from "./orders/search";
import { healthOf } from "./partners/health";

const at = (day: number, hour = 0) =>
  `2026-03-${String(day).padStart(2, "0")}T${String(hour).padStart(2, "0")}:00:00Z`;
const when = (instant: string) => ({ basis: "given" as const, earliest: instant, latest: instant });

const handoff = (name: string, from: string, to: string, stage: unknown): Handoff =>
  ({
    name,
    object: "ord_1",
    facts: [],
    from,
    from_partner: `${from}-1`,
    to,
    to_partner: `${to}-1`,
    stage,
  }) as unknown as Handoff;

const reconciled = (given: string, taken: string) => ({
  stage: "reconciled",
  released_at: when(given),
  received_at: when(taken),
});

function order(change: Partial<Order>): Order {
  return {
    id: "ord_1",
    derived_at: at(10),
    phase: "shipped",
    holder: { role: "carrier", partner: "carrier-1", since: at(5), handoff: "H4" },
    handoffs: [
      handoff("H1", "commerce", "seller", reconciled(at(1), at(1, 2))),
      handoff("H4", "seller", "carrier", reconciled(at(3), at(5))),
      handoff("H6", "carrier", "customer", { stage: "planned" }),
    ],
    milestones: [],
    objects: [],
    clocks: [],
    promise: { current: when(at(12)), projected: when(at(14)), versions: [] },
    ...change,
  } as unknown as Order;
}

test("the baton passes from lane to lane, and a long gap shows", () => {
  const relay = relayOf(order({}));
  expect(relay.lanes.map((lane) => lane.role)).toEqual([
    "commerce",
    "seller",
    "carrier",
    "customer",
  ]);
  expect(relay.passings.map(({ handoff: name, gap }) => [name, gap])).toEqual([
    ["H1", false],
    ["H4", true],
  ]);
  const [, seller, carrier] = relay.lanes;
  expect(seller?.held).toEqual([{ from: Date.parse(at(1, 2)), to: Date.parse(at(3)) }]);
  expect(carrier?.held).toEqual([{ from: Date.parse(at(5)), to: null }]);
  expect(relay.end).toBeGreaterThan(Date.parse(at(14)));
});

test("a way that the baton did not take has no lane", () => {
  const relay = relayOf(
    order({
      handoffs: [
        handoff("H1", "commerce", "seller", reconciled(at(1), at(1, 2))),
        handoff("H3", "oem", "distributor", { stage: "planned" }),
        handoff("H4", "seller", "carrier", reconciled(at(3), at(3, 1))),
      ],
    }),
  );
  expect(relay.lanes.map((lane) => lane.role)).toEqual(["commerce", "seller", "carrier"]);
});

test.each([
  [{ stage: "planned" }, null, null],
  [{ stage: "released", at: when(at(2)), gap_from: at(2) }, Date.parse(at(2)), null],
  [{ stage: "received", at: when(at(2)) }, null, Date.parse(at(2))],
  [reconciled(at(2), at(3)), Date.parse(at(2)), Date.parse(at(3))],
])("a hand-off in %o", (stage, given, taken) => {
  expect(passed(handoff("H", "seller", "carrier", stage))).toEqual({ given, taken });
});

test("an axis has no more ticks than there is room", () => {
  for (const days of [1, 3, 20, 200, 4000]) {
    const found = ticks(Date.parse(at(1)), Date.parse(at(1)) + days * 86_400_000, 8);
    expect(found.length, `${days}`).toBeLessThanOrEqual(9);
  }
});

function exception(change: object): ExceptionRow {
  return {
    id: "exc_1",
    code: "E-TRN-04",
    severity: 2,
    partner: null,
    orders: [],
    orders_count: 0,
    ...change,
  } as unknown as ExceptionRow;
}
const touched = (phase: string, promised_at: string, amount: string) => ({
  phase,
  promised_at,
  value: { amount, currency: "USD" },
  number: "#1",
});

test("what is done has no time left to lose, and the dearest order is at stake", () => {
  const open = touched("shipped", at(10), "90.00");
  const done = touched("delivered", at(9), "1000.00");
  expect(due(exception({ orders: [open, done] }))).toBe(at(10));
  expect(due(exception({ orders: [done] }))).toBeNull();
  expect(stake(exception({ orders: [open, done] }))?.amount).toBe("1000.00");
});

test("groups keep each row once, and the order in which the rows come", () => {
  const rows = [4, 3, 2, 1].map((n) => exception({ id: `exc_${n}`, code: n % 2 ? "E-A" : "E-B" }));
  const groups = grouped(rows, "code");
  expect(groups.map((group) => group.key)).toEqual(["E-B", "E-A"]);
  expect(groups.flatMap((group) => group.rows.map((row) => row.id))).toEqual([
    "exc_4",
    "exc_2",
    "exc_3",
    "exc_1",
  ]);
});

test.each([
  ["plain", "plain"],
  ["=1+1", "'=1+1"],
  ['a "b", c', '"a ""b"", c"'],
  [12, "12"],
  [-5, "-5"],
  [null, ""],
])("%s as a field of CSV", (value, expected) => {
  expect(csvField(value)).toBe(expected);
});

test("addresses that were mistyped still open", () => {
  expect(ordersSearch({ late: "yes", sort: "colour", q: 1389, view: "board" })).toEqual({
    q: "1389",
    view: "board",
  });
  expect(orderSearch({ as_of: "yesterday", tab: "none", claim: "promise" })).toEqual({
    claim: "promise",
  });
});

test.each([
  ["3h 22m 16s", 12_136],
  ["5d 21h", 507_600],
  ["8h", 28_800],
])("%s in seconds", (written, seconds) => {
  expect(secondsOf(written)).toBe(seconds);
});

test("lengths have their two greatest units", () => {
  expect([0, 59, 3_600, 90_061, -120].map(length)).toEqual([
    "0 min",
    "59 s",
    "1 h",
    "1 d 1 h",
    "−2 min",
  ]);
});

test("marked bytes are marked, whatever surrounds them", () => {
  const bytes = new TextEncoder().encode("ISA*00~GS*PO~ST*850~");
  const parts = cut(bytes, [{ offset: 7, length: 6 }], true);
  expect(parts.map((part) => part.text).join("")).toBe("ISA*00~GS*PO~ST*850~");
  expect(parts.filter((part) => part.marked).map((part) => part.text)).toEqual(["GS*PO~"]);
  expect(cut(bytes, [{ offset: 900, length: 1 }], true).some((part) => part.marked)).toBe(false);
});

test("events are read from what has come so far", () => {
  const { events, rest } = parse(
    'id: 7\nevent: order.updated\ndata: {"object":"ord_1"}\n\n: alive\n\nid: 8\nda',
  );
  expect(events).toEqual([{ id: "7", kind: "order.updated", object: "ord_1" }]);
  expect(rest).toBe("id: 8\nda");
});

test.each([
  [{ heard_at: at(9), silent_after: "2d" }, "heard"],
  [{ heard_at: at(7), silent_after: "2d" }, "silent"],
  [{ heard_at: null, silent_after: "2d" }, "never"],
  [{ heard_at: at(1), silent_after: null }, "unwatched"],
  [{ heard_at: at(9), silent_after: "2d", disabled_at: at(9) }, "disabled"],
])("a feed %o", (source, health) => {
  expect(healthOf(source as unknown as Source, at(10))).toBe(health);
});

test.each([
  ["Tailspin Parcel", 1, ["Tailspin Parcel"]],
  ["Tailspin Parcel", 2, ["Tailspin", "Parcel"]],
  ["Northwind", 2, ["Northwind"]],
  ["A. Datum Freight Lines", 2, ["A. Datum", "Freight Lines"]],
  ["A. Datum Freight Lines of Omaha", 2, ["A. Datum", "Freight Line…"]],
  ["Donaudampfschifffahrt", 2, ["Donaudampfsc…"]],
])("the lane of %s is named in %i lines", (name, lines, expected) => {
  expect(nameLines(name, lines === 1 ? 21 : 13, lines)).toEqual(expected);
});
