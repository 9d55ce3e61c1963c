import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { helpAt, type Place, placeAt, type Schema, schemaName, schemasAt } from "./schema";

const REFERENCE = new URL("../../../../docs/reference/pack-schema/", import.meta.url);
const schema = (name: string) =>
  JSON.parse(readFileSync(new URL(`${name}.schema.json`, REFERENCE), "utf8")) as Schema;

/** The place of the mark `^` in a text, and the path in a word. */
function place(text: string): Place | null {
  const at = text.indexOf("^");
  return placeAt(text.replace("^", ""), at);
}
const path = (text: string) => {
  const found = place(text);
  const steps = found?.path.map((step) => (step === "item" ? "[]" : step.key)).join("/");
  return found && `${found.writes} ${steps}|${found.begun}|${[...found.beside].sort().join(",")}`;
};

test.each([
  ["^", "key ||"],
  ["name: x\n^", "key ||name"],
  ["na^", "key |na|"],
  ["name: st^", "value name|st|"],
  ["- ^", "key []||"],
  ["- name: a\n  ^", "key []||name"],
  ["- name: a\n  on: order\n- ^\n", "key []||"],
  ["- name: a\n  ta^\n  on: order\n- name: b\n  owner: c", "key []|ta|name,on"],
  ["- name: a\n  pauses:\n    - ^", "key []/pauses/[]||"],
  ["- name: a\n  pauses:\n  - during: E\n    ^", "key []/pauses/[]||during"],
  ["- name: a\n  start: {^", "key []/start||"],
  ["- start: {reached: F^", "value []/start/reached|F|"],
  ["- stop: [{reached: T60}, {^", "key []/stop/[]||"],
  ["- stop: [{reached: T60, ^", "key []/stop/[]||reached"],
  ["- by: ^", "value []/by||"],
  ["handoffs:\n  - name: x\n    released:\n      ^", "key handoffs/[]/released||"],
  ["map: |\n  {about: ^", null],
  ["name: a # ^", null],
])("%j stands at %j", (text, expected) => {
  expect(path(text)).toBe(expected);
});

test("files have the schema that their folder says", () => {
  for (const [file, name] of [
    ["pack.yaml", "pack"],
    ["slas.yaml", "slas"],
    ["connectors/acme.yaml", "connector"],
    ["codes/acme-status.yaml", "codes"],
    ["fixtures/one/expected.yaml", "expected"],
    ["fixtures/one/input.json", null],
    ["README.md", null],
  ] as const)
    expect(schemaName(file)).toBe(name);
});

function offered(name: string, text: string): string[] {
  const found = place(text);
  return found ? helpAt(schema(name), found).offers.map((offer) => offer.name) : [];
}

test("keys that are there are not offered, and values are those of the schema", () => {
  const keys = offered("slas", "- name: a\n  ^");
  expect(keys).toContain("target");
  expect(keys).not.toContain("name");
  expect(offered("slas", "- start: {^")).toContain("reached");
  expect(offered("slas", "- start: {reached: ^")).toContain("T60");
  expect(offered("slas", "- by: ^").sort()).toEqual(["happened", "receipt"]);
  expect(offered("slas", "- nothing: ^")).toEqual([]);
});

test("every file of the shipped packs stands where its schema has a place for it", () => {
  const packs = new URL("../../../../packs/starter/", import.meta.url);
  for (const name of ["slas", "rules", "journeys", "calendars", "schemes", "authority"]) {
    const text = readFileSync(new URL(`${name}.yaml`, packs), "utf8");
    let offset = 0;
    for (const line of text.split("\n")) {
      offset += line.length + 1;
      const found = placeAt(text, offset - 1);
      if (found === null || line.trim() === "" || line.includes("#")) continue;
      expect(schemasAt(schema(name), found.path).length, `${name}: ${line}`).toBeGreaterThan(0);
    }
  }
});
