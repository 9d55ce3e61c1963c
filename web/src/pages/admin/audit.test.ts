// The pure half of the record's page: what the address bar says, and what is asked for by it.
import { expect, test } from "vitest";
import { setLanguage } from "@/i18n";
import { auditFilter, auditSearch, exportAddress, placeOf } from "./audit";
import { detailsOf, whoOf } from "./told";

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
  for (const [detail, english, german] of [
    [
      { label: "a", role: "auditor", partner: null },
      "label: a; role: Auditor",
      "Bezeichnung: a; Rolle: Revision",
    ],
    [{ partner: "adatum" }, "partner: Adatum Freight", "Partner: Adatum Freight"],
    [{ role: "carrier" }, "role: Carrier", "Rolle: Frachtführer"],
    [{ packs: ["a", "b"], move_orders: true }, "packs: a, b; orders under way too: yes", null],
    [{ fact: "waive" }, "said: waiver", "gesagt: Hinnahme"],
    [{ messages: 1200 }, "messages: 1,200", "Nachrichten: 1.200"],
    [{ reason: "for the audit" }, "reason: for the audit", "Begründung: for the audit"],
    [{ code: "X12-SE-COUNT" }, null, "Grund: SE01 ist nicht die Zahl der Segmente"],
    [{ unheard_of: { a: 1 } }, 'unheard_of: {"a":1}', 'unheard_of: {"a":1}'],
    [null, "", ""],
  ] as const)
    for (const [language, expected] of [
      ["en", english],
      ["de", german],
    ] as const) {
      if (expected === null) continue;
      setLanguage(language);
      const told = detailsOf(detail, (key) => (key === "adatum" ? "Adatum Freight" : key));
      expect(told.map(({ name, shown }) => `${name}: ${shown}`).join("; ")).toBe(expected);
    }
  setLanguage("en");
});

test("who acts at the machine itself is shown as that", () => {
  for (const [who, name, shown] of [
    ["local", "anna", { name: "anna", id: "at the machine itself, by the command line" }],
    ["local", "local", { name: "Whoever is at the machine", id: expect.any(String) }],
    ["key_3", "ERP", { name: "ERP", id: "key_3" }],
    ["usr_3", "", { name: "usr_3", id: "usr_3" }],
  ] as const)
    expect(whoOf({ who, name })).toEqual(shown);
});
