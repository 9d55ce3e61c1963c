// The pack format's words in German: all of the schemas', and none that nobody says any more.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXPECTED as OF_MESSAGES } from "@/i18n/expected";
import { EXPECTED, FOUND } from "./expected.de";
import { HELP } from "./help.de";
import { oneLine } from "./words";

/** What only the command line says. */
const CLI = ["a folder that is new or empty", "a folder that can be written"];
const ROOT = join(import.meta.dirname, "../../../..");

function* described(schema: unknown): Generator<string> {
  if (typeof schema !== "object" || schema === null) return;
  const { description } = schema as { description?: unknown };
  if (typeof description === "string") yield oneLine(description);
  for (const part of Object.values(schema)) yield* described(part);
}

test("each description of the schemas has its German, and nothing else has", () => {
  const folder = join(ROOT, "docs/reference/pack-schema");
  const all = new Set<string>();
  for (const name of readdirSync(folder))
    for (const text of described(JSON.parse(readFileSync(join(folder, name), "utf8"))))
      all.add(text);
  expect(Object.keys(HELP).sort()).toEqual([...all].sort());
});

test("what findings say is said in the server's words", () => {
  const read = (crate: string) => {
    const folder = join(ROOT, "crates", crate, "src");
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".rs"))
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("\n");
  };
  const places = (text: string) => text.replace(/\{\w*\}/g, "{}");
  const packs = places(read("baton-packs"));
  // What the core says of calendars has the two apart in one sentence, and its marks are made plain.
  const core = places(read("baton-core")).replaceAll("`", "'");
  const isSaid = (text: string) => {
    const plain = text.replaceAll("`", "'");
    return (
      packs.includes(`"${text}"`) ||
      core.includes(`expected ${plain}"`) ||
      core.includes(`"${plain}"`)
    );
  };
  const known = [...Object.keys(EXPECTED), ...Object.keys(FOUND)].map(places);
  expect(known.filter((text) => !isSaid(text))).toEqual([]);
  const said = [
    /\bexpected = (?:format!\()?"([^"]+)"/g,
    /\bFault::bad\([^;]*?"([^"]+)"\)/g,
    /\bfinding\([^;"]*"[^"]*", [^;"]*"([^"]+)"\)/g,
    /\brefuse\([^;]*?"([^"]+)"\)/g,
  ].flatMap((form) => [...packs.matchAll(form)].map((found) => found[1] ?? ""));
  expect(said.length).toBeGreaterThan(40);
  const all = new Set([...known, ...Object.keys(OF_MESSAGES).map(places), ...CLI]);
  expect(said.filter((text) => !text.endsWith("\\") && !all.has(text))).toEqual([]);
});
