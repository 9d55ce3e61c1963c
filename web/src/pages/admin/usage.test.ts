// The pure half of the usage page: its address, its files and its months.
import { expect, test } from "vitest";
import { beside, daysOf, usageFile, usageSearch } from "./usage";

test.each([
  [{ month: "2026-05", figure: "orders", of: "tenants" }, "month,figure,of"],
  [{ month: "2026-13", figure: "colour", of: "everybody" }, ""],
  [{ month: "2026-5", figure: "messages" }, ""],
])("an address with %o", (given, kept) => {
  expect(Object.keys(usageSearch(given)).join()).toBe(kept);
});

test("files have what is looked at", () => {
  const month = "2026-05";
  expect(usageFile({ month }, "month")).toBe("/v1/usage/export?by=month");
  expect(usageFile({ month }, "day")).toBe("/v1/usage/export?by=day&from=2026-05&to=2026-05");
  expect(usageFile({ month, of: "tenants" }, "month")).toBe(
    "/v1/usage/export?by=month&of=tenants&from=2026-05&to=2026-05",
  );
});

test("months have their days, and others beside them", () => {
  expect([daysOf("2026-02").length, daysOf("2024-02").at(-1)]).toEqual([28, "2024-02-29"]);
  expect([beside("2026-01", -1), beside("2026-12", 1)]).toEqual(["2025-12", "2027-01"]);
});
