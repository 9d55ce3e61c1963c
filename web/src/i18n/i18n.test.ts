// Each language has each text, with the same values to fill in; codes have words.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { de } from "./de";
import { en } from "./en";
import { fill, LANGUAGES } from "./index";
import { unread } from "./unread";
import { WORDS } from "./words";

const values = (pattern: string) => [...new Set(pattern.match(/\{\w+\}/g) ?? [])].sort();

test("every language has every text, with the same values", () => {
  for (const { texts } of Object.values(LANGUAGES)) {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort());
    for (const [key, pattern] of Object.entries(texts)) {
      expect(pattern.trim(), key).not.toBe("");
      expect(values(pattern), key).toEqual(values(en[key as keyof typeof en]));
    }
  }
});

test("German is not English left over, but for words that are both", () => {
  // "in {length}" is both.
  const both = new Set(["time.in"]);
  const same = Object.entries(de).filter(
    ([key, pattern]) => pattern === en[key as keyof typeof en] && !both.has(key),
  );
  const words = same.map(([, pattern]) => pattern).filter((pattern) => pattern.includes(" "));
  // What remains is names and signs.
  expect(words.filter((pattern) => !/^[●○{]/.test(pattern))).toEqual([]);
});

test("no text is kept that no page uses", () => {
  const sources: string[] = [];
  const visit = (folder: string) => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) visit(path);
      else if (/\.tsx?$/.test(name) && !/i18n\/(\w+\.)?(en|de)\.ts$/.test(path))
        sources.push(readFileSync(path, "utf8"));
    }
  };
  visit(join(import.meta.dirname, ".."));
  const all = sources.join("\n");
  const made = [...all.matchAll(/`([\w.]+)\$\{/g)].map((found) => found[1] ?? "");
  const unused = Object.keys(en).filter(
    (key) => !all.includes(`"${key}"`) && !made.some((prefix) => key.startsWith(prefix)),
  );
  expect(unused).toEqual([]);
});

test("codes have words in both languages", () => {
  for (const [kind, words] of Object.entries(WORDS))
    for (const [code, [inEnglish, inGerman]] of Object.entries(words)) {
      expect(inEnglish.trim(), `${kind} ${code}`).not.toBe("");
      expect(inGerman.trim(), `${kind} ${code}`).not.toBe("");
    }
});

test.each([
  ["one order|{count} orders", { count: 1 }, "en", "one order"],
  ["one order|{count} orders", { count: 2500 }, "en", "2,500 orders"],
  ["ein Auftrag|{count} Aufträge", { count: 2500 }, "de", "2.500 Aufträge"],
  ["{a} and {b}", { a: "x" }, "en", "x and {b}"],
])("%s filled with %o", (pattern, given, locale, expected) => {
  expect(fill(pattern, given, locale)).toBe(expected);
});

/** What a folder's files with an ending say, but for tests. */
function* texts(folder: string, ending: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      if (name !== "tests") yield* texts(path, ending);
    } else if (name.endsWith(ending)) yield readFileSync(path, "utf8");
  }
}

const ROOT = join(import.meta.dirname, "../../..");

test("whatever the server says by a code or a sentence's name has words here", () => {
  const schemas = JSON.parse(readFileSync(join(ROOT, "docs/reference/openapi.json"), "utf8"))
    .components.schemas;
  const codes = (name: string): string[] => schemas[name].enum;
  for (const [kind, name] of [
    ["refusal", "ErrorCode"],
    ["remedy", "ErrorCode"],
    ["finding", "FindingCode"],
  ] as const)
    expect(Object.keys(WORDS[kind] ?? {}).sort(), kind).toEqual([...codes(name)].sort());
  const named = new Set<string>();
  const sources: string[] = [];
  for (const source of texts(join(ROOT, "crates"), ".rs")) {
    const code = source.split("#[cfg(test)]")[0] ?? "";
    sources.push(code);
    for (const found of code.matchAll(/Wording::new\("(\w+)"\)/g)) named.add(found[1] ?? "");
  }
  expect(named.size).toBeGreaterThan(40);
  const has = (name: string) =>
    ["said", "health", "refused"].some((kind) =>
      [name, `${name}_field`].some((each) => `${kind}.${each}` in de),
    );
  expect([...named].filter((name) => !has(name))).toEqual([]);
  const said = sources.join("\n");
  const gone = Object.keys(de)
    .filter((key) => key.startsWith("refused.") && !key.endsWith("_nameless"))
    .filter((key) => !said.includes(`"${key.slice("refused.".length)}"`));
  expect(gone).toEqual([]);
});

test("reasons of refusals that are in words here are the server's", () => {
  const sources = [...texts(join(ROOT, "crates"), ".rs")].join("\n");
  const gone = Object.keys({ ...WORDS.why, ...WORDS.thing }).filter(
    (words) => !sources.includes(`"${words}"`),
  );
  expect(gone).toEqual([]);
  const all = (pattern: RegExp) => [...sources.matchAll(pattern)].map((found) => found[1] ?? "");
  const whys = all(/\bwhy: "((?:is|was|has) [^"]+)"/g);
  whys.push(...all(/StoreError::conflict\(\s*"[^"]+",[^";]*"([^"]+)"/g));
  expect(whys.length).toBeGreaterThan(8);
  expect(whys.filter((said) => !WORDS.why?.[said])).toEqual([]);
  const things = all(/(?:Problem::not_found\(|Conflict \{ what: )"([^"]+)"/g);
  expect(things.length).toBeGreaterThan(30);
  expect(things.filter((what) => !WORDS.thing?.[what])).toEqual([]);
});

test("fields that refusals name have words", () => {
  const sources = [...texts(join(ROOT, "crates/baton-server/src/http"), ".rs")].join("\n");
  const named = new Set(
    [
      /\b(?:none_of|from_to|length)\(\s*(?:ErrorCode::\w+|code),\s*"(\w+)"/g,
      /\bwith\("field", "(\w+)"/g,
      /\b(?:page::value|text_of|of_length)\("([a-z_]+)"/g,
      /"([a-z_]+): (?:expected|\{|no )/g,
    ].flatMap((form) => [...sources.matchAll(form)].map((found) => found[1] ?? "")),
  );
  expect(named.size).toBeGreaterThan(30);
  expect([...named].filter((name) => !WORDS.param?.[name])).toEqual([]);
});

test("whatever cannot be read of a message is said by a code with words here, and no other", () => {
  const codes = new Set<string>();
  const take = (folder: string, file: string, form: RegExp) => {
    for (const source of texts(join(ROOT, "crates", folder, "src"), file))
      for (const found of (source.split("#[cfg(test)]")[0] ?? "").matchAll(form))
        codes.add(found[1] ?? "");
  };
  take("baton-formats", "fault.rs", /= "(X12-[A-Z0-9-]+)" \/ /g);
  take("baton-packs", "mapping_fault.rs", /Self::\w+ => "(\w+)",/g);
  take("baton-server", ".rs", /\bFault::new\(\s*"(\w+)"/g);
  take("baton-server", ".rs", /\bvec!\[fault\("(\w+)"/g);
  take("baton-server", "packs.rs", /\|\| "(\w+)"\.to_owned/g);
  expect(codes.size).toBeGreaterThan(60);
  expect(Object.keys(unread).sort()).toEqual([...codes].sort());
});

test("whatever the record of acts tells of has words", () => {
  const tables = [...texts(join(ROOT, "crates/baton-server/src/http/table"), ".rs")].join("\n");
  const endpoints = tables.split("Endpoint::").filter((endpoint) => endpoint.includes(".about("));
  expect(endpoints.length).toBeGreaterThan(30);
  const operations = endpoints.map((endpoint) => /",\s*"(\w+)"/.exec(endpoint)?.[1] ?? endpoint);
  // What was looked at is told of where it was refused; this much is for everybody.
  const open = new Set(
    "begin_sign_in_by_provider explain_error forgot_password live look_at_invitation metrics openapi ready show_brand show_brand_style show_logo track ways_to_sign_in".split(
      " ",
    ),
  );
  const { paths } = JSON.parse(readFileSync(join(ROOT, "docs/reference/openapi.json"), "utf8"));
  const all = Object.values<Record<string, { operationId?: string }>>(paths)
    .flatMap((path) => Object.values(path))
    .map((endpoint) => endpoint.operationId ?? "");
  operations.push(...all.filter((name) => name !== "" && !open.has(name)));
  // What is done beside the API, and by Baton itself.
  const others = [...texts(join(ROOT, "crates"), ".rs")].flatMap((source) => [
    ...source.matchAll(/(?:\.tell\(tx, \S+, "|\bline\("(?=\w+", \("))(\w+)"/g),
  ]);
  operations.push(...others.map((found) => found[1] ?? ""));
  expect(operations.filter((name) => !WORDS.operation?.[name])).toEqual([]);
  const fields = [...tables.matchAll(/\.tells\(&\[([^\]]*)\]/g)]
    .flatMap((found) => [...(found[1] ?? "").matchAll(/"(\w+)"/g)])
    .map((found) => found[1] ?? "");
  expect(fields.filter((name) => !WORDS.told?.[name])).toEqual([]);
  const kinds = endpoints.map((endpoint) => /\.about\("(\w+)"/.exec(endpoint)?.[1] ?? "");
  expect(kinds.filter((kind) => kind !== "" && !WORDS.subject?.[kind])).toEqual([]);
});
