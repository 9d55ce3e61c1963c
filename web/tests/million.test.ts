// How long a reader waits with a great many orders: the first page of each role, and what one does at the
// tables. Takes minutes and a store that takes as long to make, so that it is left out, aloud, unless one
// is named: `cargo xtask web --million` makes it, and keeps it for the next time.
//
// A time counts from the reader's act (the event in the browser) until the page shows what was asked for,
// drawn: the next frame but one.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { launch, reader, signIn } from "./browser.ts";
import { type Server, startAt } from "./server.ts";

/** The folder with the store that `baton bench` left. */
const FOLDER = process.env.BATON_MILLION;
const TENANT = "bench";
/** How often each thing is done. */
const TIMES = Number(process.env.BATON_MILLION_TIMES ?? 7);
/** What is promised: the first page useful, and any act at a table, its opening included. */
const PAGE_MS_MAX = 1_000;
const ACT_MS_MAX = 100;
const HOLDER = "litware";
const ROLES = [
  "operations",
  "finance",
  "customer_success",
  "partner_manager",
  "executive",
  "auditor",
  "admin",
  "partner",
];

let server: Server;
let browser: Browser;
const keys: Record<string, string> = {};
const taken: { what: string; most: number; ms: number[] }[] = [];

beforeAll(async () => {
  if (!FOLDER) {
    console.warn(
      "left out: the browser with a million orders; `cargo xtask web --million` asks for it",
    );
    return;
  }
  for (const role of ROLES) keys[role] = keyOf(FOLDER, role);
  server = await startAt(FOLDER);
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  if (taken.length > 0) console.info(table());
});

/** Made without the server, which shows its first keys once. */
function keyOf(folder: string, role: string): string {
  const more = role === "partner" ? ["--partner", HOLDER] : [];
  const given = ["key", "add", "million", "--role", role, "--data", folder, "--tenant", TENANT];
  const printed = execFileSync(process.env.BATON_BINARY ?? "", [...given, ...more, "--json"]);
  return (JSON.parse(String(printed)) as { key: string }).key;
}

function note(what: string, most: number, ms: number): void {
  const known = taken.find((each) => each.what === what);
  if (known) known.ms.push(ms);
  else taken.push({ what, most, ms: [ms] });
}

function table(): string {
  const lines = taken.map(({ what, most, ms }) => {
    const sorted = [...ms].sort((a, b) => a - b);
    const half = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
    const worst = sorted.at(-1) ?? 0;
    return `| ${what} | ${half.toFixed(0)} | ${worst.toFixed(0)} |${worst > most ? " over" : ""}`;
  });
  return ["", "| what | ms (p50) | ms (max) |", "| --- | --- | --- |", ...lines, ""].join("\n");
}

/** Nothing was over its limit, by the middle of its times: the worst of them is the machine's as well. */
function within(): void {
  const over = taken.filter(({ most, ms }) => {
    const sorted = [...ms].sort((a, b) => a - b);
    return (sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) > most;
  });
  assert.deepEqual(
    over.map(({ what, ms }) => `${what}: ${ms.map((each) => each.toFixed(0)).join(", ")} ms`),
    [],
  );
}

/**
 * Does something, and gives how long it took from its first event until `shown`, an expression of the
 * page, holds and is drawn.
 */
async function timed(page: Page, shown: string, act: () => Promise<unknown>): Promise<number> {
  // By the debugger's protocol, as the page's policy forbids scripts of others.
  await page.evaluate(
    `window.waited = new Promise((done) => {
    let began = null;
    const begin = (event) => { began ??= event.timeStamp; };
    for (const kind of ["click", "change", "input", "keydown", "wheel", "popstate"])
      window.addEventListener(kind, begin, { capture: true });
    const look = () => {
      let holds = false;
      if (began !== null) { try { holds = ${shown}; } catch { holds = false; } }
      if (holds) requestAnimationFrame((at) => done(performance.now() - began));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`
      .replace("window.waited = ", "void (window.waited = ")
      .concat(")"),
  );
  await act();
  return (await page.evaluate("window.waited")) as number;
}

async function api<T>(path: string, key = keys.admin): Promise<T> {
  const response = await fetch(server.url + path, { headers: { Authorization: `Bearer ${key}` } });
  assert.equal(response.status, 200, path);
  return (await response.json()) as T;
}

interface Orders {
  items: { id: string; number: string }[];
}

/** That the address has a filter, and the page shows what it finds. */
function param(label: string, value: string): string {
  const name = { Severity: "severity_min", Liable: "partner", Groups: "by" }[label] ?? "";
  const has = `(new URLSearchParams(location.search).get("${name}") ?? "").replaceAll('"', "") === "${value}"`;
  return `${has} && document.querySelector("[aria-busy=true]") === null`;
}

/** Rows that tell one list from another. */
const TOLD = 5;
const ROWS = `[...document.querySelectorAll(".grid-row.body a")].slice(0, ${TOLD}).map((a) => a.textContent)`;

/** That the table begins with the orders that the API gives for this filter. */
async function begins(filter: string): Promise<string> {
  const { items } = await api<Orders>(`/v1/orders?limit=${TOLD}&${filter}`);
  const numbers = items.map(({ number }) => number);
  // Two filters may begin with the same orders: then the address tells that it was done.
  const asked = [...new URLSearchParams(filter)].map(
    ([name, value]) =>
      `(new URLSearchParams(location.search).get("${name}") ?? "").replaceAll('"', "") === ${JSON.stringify(value)}`,
  );
  const rows = `JSON.stringify(${ROWS}) === ${JSON.stringify(JSON.stringify(numbers))}`;
  const settled = `document.querySelector("main [aria-busy=true]") === null`;
  return [...asked, rows, settled].join(" && ");
}

const ran = test.skipIf(!FOLDER);

ran("the first page of each role", async () => {
  for (const role of ROLES) {
    const { page, wrong, close } = await reader(browser, server);
    await signIn(page, keys[role] ?? "");
    for (let time = 0; time < TIMES; time += 1) {
      await page.goto("/");
      // What is drawn is looked at in the page, so that asking for it costs nothing.
      const useful = await page.evaluate(
        `new Promise((done) => {
          const drawn = (what) => document.querySelectorAll(what).length;
          let useful = null;
          const look = () => {
            const rows = drawn(".home-row, .figures, .scores tbody tr, .panel .empty");
            if (rows > 0) useful ??= performance.now();
            if (useful !== null && drawn(".skeleton") === 0) done([useful, performance.now()]);
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        })`,
      );
      const [first, whole] = useful as [number, number];
      note(`first page, ${role}: its first rows`, PAGE_MS_MAX, first);
      note(`first page, ${role}: all of it`, PAGE_MS_MAX, whole);
    }
    await close();
    assert.deepEqual(wrong, []);
  }
});

ran("orders: open, order, filter, search, scroll, an order and back", async () => {
  const { page, wrong, close } = await reader(browser, server);
  await signIn(page, keys.operations ?? "");
  const choose = (label: string, value: string) => () =>
    page.getByRole("combobox", { name: label, exact: true }).selectOption(value);
  const press = (name: string) => () => page.getByRole("button", { name, exact: true }).click();
  const act = async (what: string, filter: string, how: () => Promise<unknown>) =>
    note(what, ACT_MS_MAX, await timed(page, await begins(filter), how));
  const link = page
    .getByRole("navigation", { name: "Pages" })
    .getByRole("link", { name: "Orders" });
  for (let time = 0; time < TIMES; time += 1) {
    await page.goto("/partners");
    await page.getByRole("main").getByRole("heading").nth(1).waitFor();
    await act("orders: open", "", () => link.click());
    for (const sort of ["promised", "late", "updated"])
      await act(`orders: by ${sort}`, `sort=${sort}`, choose("Sort", sort));
    for (const phase of ["placed", "shipped", ""])
      await act(
        `orders: phase ${phase || "any"}`,
        phase && `phase=${phase}`,
        choose("State", phase),
      );
    await act("orders: of a holder", `holder=${HOLDER}`, choose("Any holder", HOLDER));
    await act("orders: of a holder, late", `holder=${HOLDER}&late=true`, press("Late"));
    await act(
      "orders: late of a holder, by lateness",
      `holder=${HOLDER}&late=true&sort=late`,
      choose("Sort", "late"),
    );
    await page.goto("/orders");
    await page.locator(".grid-row.body").first().waitFor();
    await page.getByText("More filters", { exact: true }).click();
    await act("orders: of a partner", `partner=${HOLDER}`, choose("Any partner", HOLDER));
    await act(
      "orders: of a partner, with exceptions",
      `partner=${HOLDER}&troubled=true`,
      press("With exceptions"),
    );
    await page.goto("/orders?sort=promised");
    await page.locator(".grid-row.body").first().waitFor();
    const { items } = await api<Orders>("/v1/orders?limit=300&sort=late");
    const number = items[200 + time]?.number ?? "";
    const part = number.slice(0, -2);
    await act("orders: search for a number", `q=${encodeURIComponent(number)}&sort=promised`, () =>
      page.getByRole("searchbox").fill(number),
    );
    await act("orders: search for many", `q=${encodeURIComponent(part)}&sort=promised`, () =>
      page.getByRole("searchbox").fill(part),
    );
    await act("orders: no search", "sort=promised", () => page.getByRole("searchbox").fill(""));
    const rows = "document.querySelectorAll('.grid-row.body').length";
    const scroll = page.locator(".table-scroll");
    await scroll.hover();
    const last =
      "Math.max(...[...document.querySelectorAll('.grid-row.body')].map((r) => Number(r.getAttribute('aria-rowindex'))))";
    note(
      "orders: scroll",
      ACT_MS_MAX,
      await timed(
        page,
        `document.querySelector(".table-scroll").scrollTop > 800 && ${rows} > 20`,
        () => page.mouse.wheel(0, 1_000),
      ),
    );
    note(
      "orders: scroll to the next page",
      ACT_MS_MAX,
      await timed(page, `${last} > 110`, () => page.mouse.wheel(0, 2_800)),
    );
    // Another list than the one that was scrolled: going back leads to where one was.
    await page.goto("/orders?phase=shipped&sort=promised");
    const first = page.locator(".grid-row.body a").first();
    await first.waitFor();
    const opened = (await first.textContent()) ?? "";
    const heading = `document.querySelector("main h1")?.textContent.includes(${JSON.stringify(opened)})`;
    note(
      "order: open",
      ACT_MS_MAX,
      await timed(page, `${heading} && document.querySelector(".relay") !== null`, () =>
        first.click(),
      ),
    );
    const shown = await begins("phase=shipped&sort=promised");
    note("order: back", ACT_MS_MAX, await timed(page, shown, () => page.goBack()));
  }
  await close();
  assert.deepEqual(wrong, []);
});

ran("exceptions: open, filter, the next", async () => {
  const { page, wrong, close } = await reader(browser, server);
  await signIn(page, keys.operations ?? "", "/orders");
  const link = page
    .getByRole("navigation", { name: "Pages" })
    .getByRole("link", { name: "Exceptions" });
  // There may be none that grave.
  const settled = `document.querySelector(".exception, .panel .empty") !== null && document.querySelector(".skeleton, [aria-busy=true]") === null`;
  for (let time = 0; time < TIMES; time += 1) {
    await page.goto("/orders");
    await page.locator(".grid-row.body").first().waitFor();
    note("exceptions: open", ACT_MS_MAX, await timed(page, settled, () => link.click()));
    for (const [what, label, value] of [
      ["at least grave", "Severity", "3"],
      ["of any severity", "Severity", ""],
      ["of a partner", "Liable", HOLDER],
      ["of anybody", "Liable", ""],
      ["in one list", "Groups", "none"],
    ] as const)
      note(
        `exceptions: ${what}`,
        ACT_MS_MAX,
        await timed(page, `${settled} && ${param(label, value)}`, () =>
          page.getByRole("combobox", { name: label, exact: true }).selectOption(value),
        ),
      );
    await page.keyboard.press("j");
    await page.locator(".exception.chosen").waitFor();
    const now = await page.locator(".exception.chosen").textContent();
    note(
      "exceptions: take the next",
      ACT_MS_MAX,
      await timed(
        page,
        `document.querySelector(".exception.chosen")?.textContent !== ${JSON.stringify(now)}`,
        () => page.keyboard.press("j"),
      ),
    );
  }
  await close();
  assert.deepEqual(wrong, []);
});

ran("nothing took longer than it may", within);
