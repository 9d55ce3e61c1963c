// What each role does of a day: a partner in its portal, whoever sees to partners, operations without a
// mouse, and everybody on a phone. One server for all of it, as in the other tests.
//
// With BATON_SCREENSHOTS set to a folder, the pages are kept there as pictures, and what comes out of a printer.
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { accessible, go, type Look, launch, reader, settled, signIn } from "./browser.ts";
import { phone, picture, shot } from "./pictures.ts";
import { type Server, startServer } from "./server.ts";

let server: Server;
let browser: Browser;
/** A partner that has a hand-off to answer, and its key. */
let partner = "";
let partnerKey = "";
const keys: Record<string, string> = {};

const ROLES = ["operations", "finance", "customer_success", "partner_manager", "executive"];

async function call<T>(method: string, path: string, key = server.key, body?: object): Promise<T> {
  const response = await fetch(server.url + path, {
    method,
    headers: {
      Authorization: `Bearer ${key}`,
      ...(body && { "Content-Type": "application/json" }),
    },
    body: body && JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return (await response.json()) as T;
}

const keyOf = async (role: string, of?: string): Promise<string> =>
  (
    await call<{ key: string }>("POST", "/v1/keys", server.key, {
      label: `the ${of ?? role}`,
      role,
      partner: of,
    })
  ).key;

interface Items<T> {
  items: T[];
}

beforeAll(async () => {
  server = await startServer();
  browser = await launch();
  for (const role of ROLES) keys[role] = await keyOf(role);
  const known = await call<Items<{ partner: string }>>("GET", "/v1/partners");
  for (const { partner: each } of known.items) {
    const open = await call<Items<unknown>>("GET", `/v1/handoffs?partner=${each}&limit=1`);
    if (open.items.length === 0) continue;
    partner = each;
    break;
  }
  assert.ok(partner, "somebody has a hand-off to answer");
  partnerKey = await keyOf("partner", partner);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function as(
  key: string,
  path: string,
  steps: (page: Page) => Promise<void>,
  look: Look = {},
) {
  const { page, wrong, close } = await reader(browser, server, look);
  await signIn(page, key, path);
  await settled(page);
  await steps(page);
  await close();
  assert.deepEqual(wrong, []);
}

test("a partner disputes a hand-off, its manager sees and settles it", async () => {
  let number = "";
  await as(partnerKey, "/", async (page) => {
    await page.getByRole("region", { name: "Hand-offs that wait for your word" }).waitFor();
    await accessible(page, "a partner's first page");
    await picture(page, "portal-home");
    await phone(page, "portal-home");
    await go(page, "/handoffs");
    await page.locator(".handoff-row").first().waitFor();
    await accessible(page, "hand-offs");
    await picture(page, "handoffs");
    await phone(page, "handoffs");
    const row = page.locator(".handoff-row").first();
    number = (await row.getByRole("link").first().textContent()) ?? "";
    await row.getByRole("button", { name: "Dispute…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("What is not so").selectOption("quantity");
    await dialog.getByLabel("What was instead").fill("nine cartons, not ten");
    await dialog.getByLabel("How you know, or why").fill("counted at the dock");
    await accessible(page, "disputing a hand-off");
    await dialog.getByRole("button", { name: "Dispute" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Disputed" }).click();
    await page.getByText("nine cartons, not ten").first().waitFor();
  });
  await as(keys.partner_manager ?? "", "/", async (page) => {
    const disputed = page.getByRole("region", { name: "Disputed hand-offs" });
    await disputed
      .getByRole("link", { name: number.replace(/^Order /, "") })
      .first()
      .waitFor();
    await picture(page, "home-disputed");
    await go(page, "/handoffs?state=disputed");
    const row = page.locator(".handoff-row").first();
    await row.getByText("counted at the dock").waitFor();
    await row.getByRole("button", { name: "Settle…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("How you know, or why").fill("short by one, credited");
    await dialog.getByRole("button", { name: "Settle" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("counted at the dock").waitFor({ state: "detached" });
  });
  const left = await call<Items<unknown>>("GET", "/v1/handoffs?state=disputed");
  assert.equal(left.items.length, 0);
});

test("a partner accepts on the order's page, and its word is evidence", async () => {
  const open = await call<Items<{ order: { id: string }; handoff: { name: string } }>>(
    "GET",
    "/v1/handoffs",
    partnerKey,
  );
  const first = open.items[0];
  assert.ok(first, "another hand-off waits");
  await as(partnerKey, `/orders/${first.order.id}?tab=handoffs`, async (page) => {
    await page.getByRole("button", { name: "Accept…" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("How you know, or why").fill("it is on our shelf");
    await dialog.getByRole("button", { name: "Accept" }).click();
    await page.getByText("it is on our shelf").first().waitFor();
    await picture(page, "order-handoffs");
    await accessible(page, "an order's hand-offs");
  });
});

test("a partner reads names of the others in its orders, and no keys", async () => {
  const known = await call<Items<{ partner: string; name: string }>>("GET", "/v1/partners");
  const mine = await call<Items<{ id: string; partners: { partner: string }[] }>>(
    "GET",
    "/v1/orders?limit=50",
    partnerKey,
  );
  const busiest = mine.items.sort((a, b) => b.partners.length - a.partners.length)[0];
  assert.ok(busiest && busiest.partners.length > 2, "others play a part beside it");
  const playing = new Set(busiest.partners.map(({ partner: key }) => key));
  const parties = known.items.filter(({ partner: key }) => playing.has(key));
  await as(partnerKey, `/orders/${busiest.id}`, async (page) => {
    const relay = page.getByRole("group", { name: /^The relay/ });
    for (const { name } of parties)
      await relay.locator(".relay-name").filter({ hasText: name }).waitFor();
    for (const tab of ["lines", "handoffs", "promises"]) {
      await go(page, `/orders/${busiest.id}?tab=${tab}`);
      await settled(page);
      const shown = (await page.getByRole("main").textContent()) ?? "";
      for (const { partner: key } of known.items)
        assert.doesNotMatch(shown, new RegExp(`(^|[^\\w-])${key}([^\\w-]|$)`), `${tab}: ${key}`);
    }
  });
});

test("a partner learns how its feed does", async () => {
  const mine = await call<Items<{ source: string; role: string }>>(
    "GET",
    "/v1/sources",
    partnerKey,
  );
  const feed = mine.items.find(({ role }) => role !== "platform")?.source;
  await as(partnerKey, `/partners/feeds/${feed}`, async (page) => {
    await page.getByText("Speaks every").waitFor();
    await accessible(page, "a feed");
    await picture(page, "portal-feed");
  });
});

test("an administrator lets a partner see names, and it does", async () => {
  const customers = async () =>
    (await call<Items<{ customer: string | null }>>("GET", "/v1/orders?limit=50", partnerKey)).items
      .map(({ customer }) => customer)
      .filter((customer) => customer !== null).length;
  assert.equal(await customers(), 0);
  await as(server.key, "/partners", async (page) => {
    const names = await call<Items<{ partner: string; name: string }>>("GET", "/v1/partners");
    const name = names.items.find((each) => each.partner === partner)?.name ?? partner;
    const panel = page.getByRole("region", { name });
    await panel.getByLabel("sees customers' names").click();
    await page.waitForFunction(() => document.querySelectorAll("input:checked").length === 1);
  });
  assert.ok((await customers()) > 0);
});

test("the first page says what changed since one looked", async () => {
  await as(keys.operations ?? "", "/", async (page) => {
    const news = page.getByRole("region", { name: "Since you last looked" });
    await news.getByText("The newest changes.").waitFor();
    await news.getByRole("button", { name: "Mark as seen" }).click();
    await news.getByText(/^Since .*:/).waitFor();
  });
});

test("a view of a list is kept, shared and opened again", async () => {
  await as(keys.operations ?? "", "/orders?late=true&sort=late&without=value", async (page) => {
    await page.getByText("Views", { exact: true }).click();
    await page.getByRole("button", { name: "Keep this view…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("The late ones");
    await dialog.getByLabel("for everybody here").check();
    await dialog.getByRole("button", { name: "Keep" }).click();
    await dialog.waitFor({ state: "detached" });
  });
  await as(keys.finance ?? "", "/orders", async (page) => {
    await page.getByText("Views", { exact: true }).click();
    await page.getByRole("button", { name: "The late ones" }).click();
    await page.waitForURL(/late=true/);
    await page.waitForURL(/without=value/);
  });
});

test("operations work through exceptions without a mouse", async () => {
  // The world goes on, and may end most trouble while somebody works at it; that something came late or early
  // stays so.
  const { items } = await call<Items<{ code: string; orders: unknown[] }>>(
    "GET",
    "/v1/exceptions?state=open&limit=200",
  );
  const stays = ({ code, orders }: { code: string; orders: unknown[] }) =>
    ["E-TRN-22", "E-TRN-23"].includes(code) && orders.length > 0;
  const code = items.find(stays)?.code;
  assert.ok(code, "something was delivered late, or early");
  await as(keys.operations ?? "", `/exceptions?code=${code}`, async (page) => {
    await page.locator(".exception").first().waitFor();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys" });
    await help.waitFor();
    await accessible(page, "the keys");
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });
    await page.keyboard.press("j");
    await page.waitForURL(/at=exc_/);
    await page.getByText(/^Ranked \d+ = /).waitFor();
    await page.keyboard.press("a");
    await page
      .getByText(/looks after it$/)
      .first()
      .waitFor();
    await page.keyboard.press("n");
    await page.getByRole("dialog").getByLabel("Note", { exact: true }).waitFor();
    await page.keyboard.type("rang the carrier");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("o");
    await page.waitForURL(/\/orders\/ord_/);
  });
});

test("keys that come quicker than a page is drawn are all obeyed", async () => {
  await as(keys.operations ?? "", "/exceptions?by=none", async (page) => {
    // The world goes on, and would put the rows into another order meanwhile.
    await page.route("**/v1/events", (route) => route.fulfill({ status: 204 }));
    await page.reload();
    const rows = page.locator(".exception");
    await rows.nth(3).waitFor();
    const third = await rows.nth(2).textContent();
    // Without a pause in which anything could be drawn.
    await page.evaluate(() => {
      for (const key of ["j", "j", "j", "j", "k"])
        window.dispatchEvent(new KeyboardEvent("keydown", { key }));
    });
    const chosen = page.locator(".exception.chosen .exception-head");
    await chosen.waitFor();
    assert.equal(await chosen.textContent(), third);
  });
});

test("what is wrong is said in German", async () => {
  await as(
    keys.operations ?? "",
    "/exceptions?by=none",
    async (page) => {
      await page.locator(".exception").first().waitFor();
      const said = (await page.locator(".exception-what").allTextContents()).join("\n");
      assert.doesNotMatch(said, / was due | says |nothing heard|announced, and/, said);
      await shot(page, "exceptions-de-light");
    },
    { language: "de" },
  );
});

for (const [name, path] of [
  ["order", ""],
  ["scorecard", "/partners/scorecards?weeks=12"],
] as const)
  test(`the ${name} is fit for paper`, async () => {
    const late = await call<Items<{ id: string }>>("GET", "/v1/orders?late=true&sort=late&limit=1");
    await as(
      keys.executive ?? "",
      path || `/orders/${late.items[0]?.id}`,
      async (page) => {
        await page.getByRole("main").getByRole("heading").nth(1).waitFor();
        await settled(page);
        await page.emulateMedia({ media: "print" });
        assert.equal(await page.getByRole("navigation", { name: "Pages" }).count(), 0);
        const wider = await page.evaluate(
          () => document.documentElement.scrollWidth - window.innerWidth,
        );
        assert.ok(wider <= 0, `${wider} px are cut off`);
        const paper = await page.pdf({ preferCSSPageSize: true });
        assert.ok(paper.length > 5_000);
        await shot(page, `${name}-printed`);
      },
      // As wide as A4 without its margins.
      { width: 688, height: 1000 },
    );
  });

test("each role's day fits a phone, and every page can be used by everybody", async () => {
  for (const role of [...ROLES, "partner"]) {
    const key = role === "partner" ? partnerKey : (keys[role] ?? "");
    await as(
      key,
      "/",
      async (page) => {
        const nav = page.getByRole("navigation", { name: "Pages" });
        const doors = await nav.getByRole("listitem").getByRole("link").all();
        const paths = await Promise.all(doors.map((door) => door.getAttribute("href")));
        for (const path of paths) {
          await go(page, path || "/");
          await page.getByRole("main").getByRole("heading").first().waitFor();
          await settled(page);
          const wider = await page.evaluate(
            () => (document.querySelector("main")?.scrollWidth ?? 0) - window.innerWidth,
          );
          assert.ok(wider <= 0, `${role} ${path} is ${wider} px wider than the screen`);
          if (path === "/") {
            await accessible(page, `${role} at home, on a phone`);
            if (role !== "partner") await shot(page, `home-${role}-phone`);
          }
        }
      },
      { width: 390, height: 844 },
    );
  }
});

test("each role's first page is its own", async () => {
  for (const role of ROLES)
    await as(keys[role] ?? "", "/", async (page) => {
      await accessible(page, `${role} at home`);
      await picture(page, `home-${role}`);
    });
});
