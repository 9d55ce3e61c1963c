// Help from the schemas of a pack's files: where the cursor stands in the YAML, what may be written
// there, and what it means. Pure.
//
// Where one is in an unfinished text is told by indentation and by the brackets that are open on the
// line, which hold while one types; a parser would have to guess.

/** As much of JSON Schema as the packs' schemas use. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  default?: unknown;
  examples?: unknown[];
  pattern?: string;
}

/** One step down: into the value of a key, or into an entry of a list. */
export type Step = { key: string } | "item";

/** Where the cursor stands. */
export interface Place {
  path: Step[];
  /** `key`: the name of a key is written here; `value`: the value of the last key. */
  writes: "key" | "value";
  /** What is written of it so far. */
  begun: string;
  /** Keys that stand beside it. */
  beside: string[];
}

/** The schema's name for a file of a pack; none for what has no schema. */
export function schemaName(file: string): string | null {
  const found = /^(?:fixtures\/[^/]+\/)?([a-z]+)\.yaml$/.exec(file)?.[1];
  if (file.startsWith("connectors/")) return "connector";
  if (file.startsWith("codes/")) return "codes";
  return found ?? null;
}

interface Token {
  kind: "key" | "item";
  column: number;
  key: string;
}

interface Line {
  tokens: Token[];
  indent: number;
  /** What follows the last token. */
  rest: string;
  restColumn: number;
  empty: boolean;
}

const KEY = /^("[^"]*"|'[^']*'|[^\s#:,[\]{}][^:#,[\]{}]*?)\s*:(?=\s|$)/;
const unquoted = (text: string) => text.trim().replace(/^["']|["']$/g, "");

function readLine(text: string): Line {
  const indent = text.search(/\S|$/);
  const tokens: Token[] = [];
  let at = indent;
  for (;;) {
    const dash = /^-(\s+|$)/.exec(text.slice(at));
    if (!dash) break;
    tokens.push({ kind: "item", column: at, key: "" });
    at += dash[0].length;
  }
  const key = KEY.exec(text.slice(at));
  if (key) {
    tokens.push({ kind: "key", column: at, key: unquoted(key[1] ?? "") });
    at += key[0].length;
  }
  const empty = /^\s*(#.*)?$/.test(text);
  return { tokens, indent, rest: text.slice(at), restColumn: at, empty };
}

/** Steps from the document's root down to where a token at `column` of line `at` would stand. */
function above(lines: string[], at: number, column: number, child: "key" | "item"): Step[] | null {
  const steps: Step[] = [];
  let [limit, kind] = [column, child];
  for (let index = at; index >= 0; index -= 1) {
    const line = readLine(lines[index] ?? "");
    if (line.empty) continue;
    for (const token of [...line.tokens].reverse()) {
      // A list may stand at the column of the key that it belongs to.
      const isAbove =
        token.column < limit || (token.column === limit && token.kind === "key" && kind === "item");
      if (!isAbove) continue;
      if (token.kind === "key" && /^\s*[|>][-+\d]*\s*$/.test(line.rest)) return null;
      steps.unshift(token.kind === "item" ? "item" : { key: token.key });
      [limit, kind] = [token.column, token.kind];
    }
    if (limit === 0 && kind === "key") break;
  }
  return steps;
}

/** Keys at `column` of the mapping that a line belongs to, before and after it. */
function besideKeys(lines: string[], at: number, column: number): string[] {
  const found: string[] = [];
  const isFirst = readLine(lines[at] ?? "").tokens.some((token) => token.kind === "item");
  for (const step of isFirst ? [1] : [-1, 1])
    for (let index = at + step; index >= 0 && index < lines.length; index += step) {
      const line = readLine(lines[index] ?? "");
      if (line.empty) continue;
      const token = line.tokens.find((each) => each.kind === "key" && each.column === column);
      const first = line.tokens[0]?.column ?? line.indent;
      // The entry of a list begins with the line of its dash.
      const begins = line.tokens.some((each) => each.kind === "item" && each.column < column);
      if (step === 1 && first < column) break;
      if (token) found.push(token.key);
      if (first < column || (step === -1 && begins && token)) break;
    }
  return found;
}

interface Open {
  bracket: "{" | "[";
  key: string | null;
  keys: string[];
  begun: number;
}

/** What is open in brackets at the end of a text: the way into it, and what is being written. */
function inBrackets(text: string): { steps: Step[]; open: Open; begun: string } | null {
  const stack: Open[] = [];
  let quote = "";
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    const top = stack.at(-1);
    if (quote) {
      if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "{" || sign === "[")
      stack.push({ bracket: sign, key: null, keys: [], begun: at + 1 });
    else if (sign === "}" || sign === "]") stack.pop();
    else if (top && sign === ",") {
      top.key = null;
      top.begun = at + 1;
    } else if (top?.bracket === "{" && sign === ":" && /[\s{[]|^$/.test(text[at + 1] ?? "")) {
      top.key = unquoted(text.slice(top.begun, at));
      top.keys.push(top.key);
      top.begun = at + 1;
    }
  }
  const open = stack.at(-1);
  if (!open) return null;
  const steps = stack.flatMap((each, depth): Step[] => {
    if (each.bracket === "[") return ["item"];
    return each.key !== null && depth < stack.length ? [{ key: each.key }] : [];
  });
  return { steps, open, begun: text.slice(open.begun).trimStart() };
}

/** Where an offset of a text stands; null where no YAML is written, as in a mapping's program. */
export function placeAt(text: string, offset: number): Place | null {
  const lines = text.split("\n");
  const before = text.slice(0, offset).split("\n");
  const at = before.length - 1;
  const written = before[at] ?? "";
  if (/(^|\s)#/.test(written.replace(/"[^"]*"|'[^']*'/g, ""))) return null;
  const line = readLine(written);
  const last = line.tokens.at(-1);
  const from = line.empty ? written.length : line.indent;
  const first = line.tokens[0];
  const outer = above(lines, at - 1, from, first?.kind ?? "key");
  if (outer === null) return null;
  const own = line.tokens.map(
    (token): Step => (token.kind === "item" ? "item" : { key: token.key }),
  );
  const path = [...outer, ...own];
  const brackets = inBrackets(line.rest);
  if (brackets) {
    const { steps, open, begun } = brackets;
    const writes = open.bracket === "{" && open.key === null ? "key" : "value";
    const beside = writes === "key" ? open.keys : [];
    return { path: [...path, ...steps], writes, begun, beside };
  }
  if (last?.kind === "key")
    return { path, writes: "value", begun: line.rest.trimStart(), beside: [] };
  const column = last ? line.restColumn : from;
  return {
    path,
    writes: "key",
    begun: line.rest.trim(),
    beside: besideKeys(lines, at, column),
  };
}

/** A schema with what it refers to, one for each way that it may be meant. */
function ways(root: Schema, schema: Schema | undefined, depth = 0): Schema[] {
  if (!schema || depth > 12) return [];
  const named = schema.$ref?.replace("#/$defs/", "");
  const own = { ...schema, $ref: undefined, oneOf: undefined, anyOf: undefined, allOf: undefined };
  const further = [
    ...(named ? [root.$defs?.[named]] : []),
    ...(schema.oneOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.allOf ?? []),
  ];
  return [own, ...further.flatMap((each) => ways(root, each, depth + 1))];
}

/** Every way in which what stands at a path may be meant. */
export function schemasAt(root: Schema, path: Step[]): Schema[] {
  let here = ways(root, root);
  for (const step of path)
    here = here.flatMap((schema) => {
      if (step === "item") return ways(root, schema.items);
      const named = schema.properties?.[step.key];
      if (named) return ways(root, named);
      const { additionalProperties: other } = schema;
      return typeof other === "object" ? ways(root, other) : [];
    });
  return here;
}

/** Something that may be written. */
export interface Offer {
  name: string;
  description: string;
  /** What sort of value it takes, in a word. */
  detail: string;
  required: boolean;
}

/** What may be written at a place, and what the place is. */
export interface Help {
  path: string;
  description: string;
  offers: Offer[];
  /** How a value looks that is not one of a few. */
  looks: string;
}

const described = (schemas: Schema[]) =>
  schemas.find((schema) => schema.description)?.description ?? "";

function sort(schemas: Schema[]): string {
  const types = schemas.flatMap((schema) => schema.type ?? []).filter((type) => type !== "null");
  return [...new Set(types)].join(" | ");
}

const told = (path: Step[]) =>
  path
    .map((step) => (step === "item" ? "[]" : step.key))
    .join(".")
    .replaceAll(".[]", "[]");

function keys(root: Schema, here: Schema[]): Offer[] {
  const found = new Map<string, Offer>();
  for (const schema of here)
    for (const [name, value] of Object.entries(schema.properties ?? {})) {
      const meant = ways(root, value);
      const required = (schema.required ?? []).includes(name);
      if (!found.has(name))
        found.set(name, { name, description: described(meant), detail: sort(meant), required });
    }
  return [...found.values()];
}

function values(here: Schema[]): Offer[] {
  const found = new Map<string, Offer>();
  const offer = (value: unknown, schema: Schema) => {
    if (value === null) return;
    const name = String(value);
    const description = schema.description ?? "";
    if (!found.has(name)) found.set(name, { name, description, detail: "", required: false });
  };
  for (const schema of here) {
    for (const value of schema.enum ?? []) offer(value, schema);
    if (schema.const !== undefined) offer(schema.const, schema);
    if (schema.type === "boolean") for (const value of [true, false]) offer(value, {});
  }
  return [...found.values()];
}

/** What a schema says of a place. */
export function helpAt(root: Schema, place: Place): Help {
  const here = schemasAt(root, place.path);
  const offers = place.writes === "key" ? keys(root, here) : values(here);
  const examples = here.flatMap((schema) => schema.examples ?? []).map(String);
  return {
    path: told(place.path),
    description: described(here),
    offers: offers.filter((offer) => !place.beside.includes(offer.name)),
    looks: examples.join(", "),
  };
}
