import { expect, test } from "vitest";
import { scorecardsSearch, spanOf } from "./span";

test.each([
  [{}, {}],
  [{ weeks: 12 }, { weeks: 12 }],
  [{ weeks: "26" }, { weeks: 26 }],
  [{ weeks: 5 }, {}],
  [{ weeks: "all" }, {}],
])("of %j only known spans are taken", (given, expected) => {
  expect(scorecardsSearch(given)).toEqual(expected);
});

test("a span ends with the hour of the tenant's present", () => {
  expect(spanOf(4, "2026-03-29T06:30:00Z")).toEqual({
    from: "2026-03-01T07:00:00.000Z",
    until: "2026-03-29T07:00:00.000Z",
  });
});
