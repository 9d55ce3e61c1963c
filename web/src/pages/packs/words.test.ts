// The pack format's words in German: all of the schemas', and none that nobody says any more.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXPECTED, HELP } from "./help.de";
import { oneLine } from "./words";

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

test("what findings expect is said in the server's words", () => {
  const folder = join(ROOT, "crates/baton-packs/src");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rs"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
  const gone = Object.keys(EXPECTED).filter((text) => !sources.includes(`"${text}"`));
  expect(gone).toEqual([]);
});
