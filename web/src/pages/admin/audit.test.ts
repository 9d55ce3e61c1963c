// The pure half of the record's page: what the address bar says, and what is asked for by it.
import { expect, test } from "vitest";
import { auditFilter, auditSearch, detailOf, exportAddress, placeOf } from "./audit";

test("an address that was mistyped still opens", () => {
  expect(auditSearch({ kind: "other", who: "", of: "tenant", subject: 7, x: "y" })).toEqual({
    subject: "7",
  });
  const search = { kind: "refusal", who: "usr_3", of: "operator", until: "2026-03-05" };
  expect(auditSearch(search)).toEqual(search);
});

test("both days are shown whole, in the reader's zone", () => {
  const filter = auditFilter({ from: "2026-03-05", until: "2026-03-05" });
  const hours = (Date.parse(filter.until ?? "") - Date.parse(filter.from ?? "")) / 3_600_000;
  expect(hours).toBe(24);
  expect(auditFilter({ from: "soon" }).from).toBeUndefined();
});

test("a file has what the filter finds", () => {
  const address = exportAddress(auditFilter({ operation: "create_key", subject: "a&b" }), "csv");
  expect(address).toBe("/v1/audit/export?format=csv&operation=create_key&subject=a%26b");
});

test("subjects lead to their pages, where they have one", () => {
  for (const [kind, subject, place] of [
    ["order", "ord_1", "/orders/ord_1"],
    ["pack", "starter", "/packs/starter"],
    ["pack", "starter,x12-retail", null],
    ["key", "key_1", null],
    ["order", "", null],
  ] as const)
    expect(placeOf(kind, subject)).toBe(place);
});

test("what a line says beside its columns is told in a few words", () => {
  expect(detailOf({ label: "a", role: "auditor", partner: null })).toBe("label a, role auditor");
  expect(detailOf({ packs: ["starter"] })).toBe('packs ["starter"]');
  expect(detailOf(null)).toBe("");
});
