// A day of each role without a mouse: whatever it takes is reached with Tab, Enter, blanks, arrows and the
// palette (Ctrl K), in as many steps as somebody has patience for. Operations' day is in portal.test.ts.
import assert from "node:assert/strict";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { accessible, launch, reader, settled, signIn } from "./browser.ts";
import { type Server, startServer } from "./server.ts";

let server: Server;
let browser: Browser;
/** A partner that has a hand-off to answer. */
let partner = "";

/** So many times one presses Tab before one gives up. */
const PATIENCE = 90;

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(server.url + path, {
    method,
    headers: {
      Authorization: `Bearer ${server.key}`,
      ...(body && { "Content-Type": "application/json" }),
    },
    body: body && JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return (await response.json()) as T;
}

interface Items<T> {
  items: T[];
}

beforeAll(async () => {
  server = await startServer();
  browser = await launch();
  const known = await call<Items<{ partner: string }>>("GET", "/v1/partners");
  for (const { partner: each } of known.items) {
    const path = `/v1/handoffs?partner=${each}&limit=1`;
    if ((await call<Items<unknown>>("GET", path)).items.length > 0) partner = each;
    if (partner) break;
  }
  assert.ok(partner, "somebody has a hand-off to answer");
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Somebody of a role, at their first page, with their hands on the keyboard alone. */
async function day(role: string, steps: (page: Page) => Promise<void>, of?: string) {
  const made = { label: `keys of ${role}`, role, partner: of };
  const key =
    role === "operator" ? server.key : (await call<{ key: string }>("POST", "/v1/keys", made)).key;
  const { page, wrong, close } = await reader(browser, server);
  await signIn(page, key);
  await settled(page);
  page.mouse.click = () => assert.fail("no mouse");
  await steps(page);
  await close();
  assert.deepEqual(wrong, []);
}

/** Tab, until one is there; fails where one never gets there. */
async function reach(page: Page, what: Locator): Promise<void> {
  await what.first().waitFor();
  for (let step = 0; step < PATIENCE; step += 1) {
    const there = await what.first().evaluate((element) => element === document.activeElement);
    if (there) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`not reached with Tab: ${what}`);
}

async function press(page: Page, what: Locator, key = "Enter"): Promise<void> {
  await reach(page, what);
  await page.keyboard.press(key);
}

/** Goes to a page by the palette. */
async function goTo(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Go to a page or an order" });
  await palette.getByRole("combobox").waitFor();
  await page.keyboard.type(name);
  await palette.getByRole("option").first().waitFor();
  await page.keyboard.press("Enter");
  await palette.waitFor({ state: "detached" });
  await page.getByRole("main").getByRole("heading").first().waitFor();
  await settled(page);
}

const region = (page: Page, name: string | RegExp) => page.getByRole("region", { name });

test("the palette finds pages and orders, and closes again", async () => {
  const { items } = await call<Items<{ number: string }>>("GET", "/v1/orders?limit=1&sort=late");
  const number = items[0]?.number ?? "";
  await day("operations", async (page) => {
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Go to a page or an order" });
    await palette.getByRole("option", { name: "Exceptions" }).waitFor();
    await accessible(page, "the palette");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/exceptions$/);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("nothing is called this");
    await palette.getByText("Nothing begins with that.").waitFor();
    await page.keyboard.press("Escape");
    await palette.waitFor({ state: "detached" });
    await goTo(page, number);
    await page.waitForURL(/\/orders\/ord_/);
    await page.getByRole("heading", { name: `Order ${number}` }).waitFor();
  });
});

test("finance looks at a mismatch, at what it rests on, and at what was promised", async () => {
  await day("finance", async (page) => {
    await press(page, region(page, "Mismatches and holds").locator("li a"));
    await page.waitForURL(/\/exceptions\?at=/);
    await page.getByText(/^Ranked \d+ = /).waitFor();
    await page.keyboard.press("o");
    await page.waitForURL(/\/orders\/ord_.*claim=exception/);
    const evidence = page.getByRole("complementary", { name: "Evidence" });
    await evidence.locator("mark").first().waitFor();
    await press(page, evidence.getByRole("button", { name: "Close" }));
    await evidence.waitFor({ state: "detached" });
    await press(page, page.getByRole("link", { name: "Promises and clocks" }));
    await page.waitForURL(/tab=promises/);
    await settled(page);
  });
});

test("customer success makes a link for the customer of an order that slips", async () => {
  await day("customer_success", async (page) => {
    await press(page, region(page, "Late, or going to be, and still under way").locator("li a"));
    await page.waitForURL(/\/orders\/ord_/);
    await press(page, page.getByRole("button", { name: "Link for the customer…" }));
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").first().waitFor();
    await page.keyboard.type("the buyer");
    await page.keyboard.press("Enter");
    await dialog.getByRole("textbox").first().waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });
});

test("a partner manager goes from a card to its late orders, and sees what is disputed", async () => {
  await day("partner_manager", async (page) => {
    await goTo(page, "Partners");
    await press(page, page.getByRole("link", { name: "Scorecards" }));
    await page.waitForURL(/\/partners\/scorecards/);
    await press(page, page.getByRole("link", { name: "Late ones" }));
    await page.waitForURL(/\/orders\?.*late=true/);
    await goTo(page, "Hand-offs");
    await press(page, page.getByRole("button", { name: "Disputed" }), "Space");
    await page.waitForURL(/state=disputed/);
  });
});

test("an executive goes from a figure to the orders behind it", async () => {
  await day("executive", async (page) => {
    await press(page, page.getByRole("link", { name: "Shipped", exact: true }));
    await page.waitForURL(/\/orders\?phase=shipped/);
    await settled(page);
    const table = page.getByRole("table", { name: "Orders" });
    await press(page, table.getByRole("button", { name: "Late by" }));
    await page.waitForURL(/sort=late/);
    await table.getByRole("columnheader", { name: "Late by" }).waitFor();
    await press(page, table.getByRole("row").nth(1).getByRole("link"));
    await page.waitForURL(/\/orders\/ord_/);
    // The browser's own key for it, which a browser without a window does not have.
    await page.goBack();
    await page.waitForURL(/sort=late/);
  });
});

test("a partner accepts a hand-off from its first page", async () => {
  await day(
    "partner",
    async (page) => {
      const waiting = region(page, "Hand-offs that wait for your word");
      await press(page, waiting.locator("li a"));
      await page.waitForURL(/tab=handoffs/);
      await press(page, page.getByRole("button", { name: "Accept…" }));
      const dialog = page.getByRole("dialog");
      await reach(page, dialog.getByLabel("How you know, or why"));
      await page.keyboard.type("it stands in our yard");
      await press(page, dialog.getByRole("button", { name: "Accept" }));
      await dialog.waitFor({ state: "detached" });
      await page.getByText("it stands in our yard").first().waitFor();
      await goTo(page, "Intake");
      await press(page, page.getByRole("link", { name: "Send a file" }));
      await page.waitForURL(/\/intake\/send/);
    },
    partner,
  );
});

test("an auditor filters the record, and asks whether it is whole", async () => {
  await day("auditor", async (page) => {
    await goTo(page, "Who did what");
    await page.waitForURL(/\/admin\/audit/);
    await reach(page, page.getByRole("combobox", { name: "Kind" }));
    await page.keyboard.press("ArrowDown");
    await page.waitForURL(/kind=/);
    await press(page, page.getByRole("button", { name: "Is it whole?" }));
    await page.getByText(/whole, (one|\d+) lines?/).waitFor();
  });
});

test("an administrator invites somebody, and changes the seat", async () => {
  await day("admin", async (page) => {
    await goTo(page, "Administration");
    await press(page, page.getByRole("link", { name: "Users" }));
    await page.waitForURL(/\/admin\/users/);
    await press(page, page.getByRole("button", { name: "Invite…" }));
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").first().waitFor();
    await page.keyboard.type("kim@keys.example");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Kim Keys");
    await page.keyboard.press("Enter");
    await page.getByText("Link for kim@keys.example").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await press(page, page.getByLabel("Actions for Kim Keys"));
    await press(page, page.getByRole("button", { name: "End the seat" }));
    await press(page, dialog.getByRole("button", { name: "End the seat" }));
    await dialog.waitFor({ state: "detached" });
  });
});

test("the operator's staff looks the system over, and goes past the navigation", async () => {
  await day("operator", async (page) => {
    await press(page, page.getByRole("button", { name: "To the page" }));
    const focused = await page.evaluate(() => document.activeElement?.tagName);
    assert.equal(focused, "MAIN");
    await goTo(page, "Administration");
    await press(page, page.getByRole("button", { name: "Look again" }));
    await settled(page);
    await press(
      page,
      page
        .getByRole("link", { name: "Tenants" })
        .or(page.getByRole("link", { name: "Deliveries" }))
        .first(),
    );
    await page.waitForURL(/\/admin\/(tenants|deliveries)/);
  });
});
