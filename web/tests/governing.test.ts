// Running a tenant, in a real browser: the record of who did what, the brand, tenants, and the page by
// which a customer follows an order.
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { accessible, go, type Look, launch, reader, settled, signIn } from "./browser.ts";
import { phone, picture, shot } from "./pictures.ts";
import { type Server, startServer } from "./server.ts";

let server: Server;
let browser: Browser;
/** An order that is late. */
let late = "";

async function api<T>(method: string, path: string, body?: object): Promise<T> {
  const headers = {
    Authorization: `Bearer ${server.key}`,
    ...(body && { "Content-Type": "application/json" }),
  };
  const given = { method, headers, body: body && JSON.stringify(body) };
  const response = await fetch(server.url + path, given);
  assert.ok(response.ok, `${path}: ${response.status}`);
  return (await response.json()) as T;
}

beforeAll(async () => {
  server = await startServer();
  browser = await launch();
  const found = await api<{ items: { id: string }[] }>("GET", "/v1/orders?late=true&limit=1");
  late = found.items[0]?.id ?? "";
  assert.ok(late, "the sample world has a late order");
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function as(look: Look, path: string, steps: (page: Page) => Promise<void>) {
  const { page, wrong, close } = await reader(browser, server, look);
  await signIn(page, server.key, path);
  await settled(page);
  await steps(page);
  await close();
  assert.deepEqual(wrong, []);
}

const PAGES = ["keys", "brand", "deliveries", "usage", "audit"] as const;

for (const scheme of ["light", "dark"] as const)
  test(`the parts of the administration can be used by everybody, ${scheme}`, async () => {
    await as({ scheme }, "/admin", async (page) => {
      for (const name of PAGES) {
        await go(page, `/admin/${name}`);
        await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
        await settled(page);
        await accessible(page, `${name}, ${scheme}`);
        if (name !== "brand") await shot(page, `${name}-${scheme}`);
      }
    });
  });

test("they fit on a phone, in German", async () => {
  await as({ width: 390, height: 780, language: "de" }, "/admin/audit", async (page) => {
    await page.getByRole("heading", { name: "Wer hat was getan", level: 1 }).waitFor();
    for (const name of PAGES) {
      await go(page, `/admin/${name}`);
      await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
      await settled(page);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${name} is ${over} px too wide`);
      await shot(page, `${name}-phone-de`);
    }
  });
});

test("what was done is in the record at once, found by the address bar, and the record is whole", async () => {
  await api("POST", "/v1/keys", { label: "to be found", role: "auditor" });
  await as({}, "/admin/audit?operation=create_key", async (page) => {
    const record = page.getByRole("region", { name: "Who did what" });
    await record.getByRole("row", { name: /Made a key.*to be found/ }).waitFor();
    assert.equal(await record.getByRole("row", { name: /Signed in/ }).count(), 0);
    await page.getByRole("link", { name: "Show all" }).click();
    await record
      .getByRole("row", { name: /Signed in/ })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Is it whole?" }).click();
    await record.getByText(/whole, \d+ lines/).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      record.getByRole("link", { name: "CSV" }).click(),
    ]);
    assert.equal(file.suggestedFilename(), "audit.csv");
  });
});

test("what was used is told by month and day, kept in the address bar, and is a file", async () => {
  const told = await api<{ months: { month: string; orders: number }[] }>("GET", "/v1/usage");
  const most = told.months.reduce((one, other) => (other.orders > one.orders ? other : one));
  assert.ok(most.orders > 10, "the sample world has orders");
  await as({}, `/admin/usage?month=${most.month}`, async (page) => {
    const months = page.getByRole("region", { name: "By month" });
    await months.getByRole("row").nth(told.months.length).waitFor();
    assert.equal(await months.getByRole("row").count(), told.months.length + 1);
    const days = page.getByRole("region", { name: "By day" });
    await days.getByRole("link", { name: "New orders" }).click();
    await page.waitForURL(/figure=orders/);
    await days.getByRole("img", { name: /^New orders\./ }).waitFor();
    await days.getByText("Days as a table").click();
    assert.ok((await days.getByRole("row").count()) > 2);
    await picture(page, "usage-days");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      months.getByRole("link", { name: "CSV" }).click(),
    ]);
    assert.equal(file.suggestedFilename(), "usage.csv");
  });
});

test("whoever runs Baton sees what every tenant used", async () => {
  const { page, wrong, close } = await reader(browser, server);
  await page.goto("/admin/usage");
  await page.getByRole("button", { name: /Sam/ }).click();
  await page.getByRole("link", { name: "All tenants" }).click();
  await page.waitForURL(/of=tenants/);
  await page.goto("/admin/usage?of=tenants&month=2026-03");
  const all = page.getByRole("region", { name: "All tenants" });
  await all.getByRole("row", { name: /The sample world/ }).waitFor();
  await all.getByRole("link", { name: "Month before" }).click();
  await page.waitForURL(/month=2026-02/);
  await all.getByRole("heading", { name: "February 2026" }).waitFor();
  await settled(page);
  await accessible(page, "the usage of all tenants");
  await picture(page, "usage-tenants");
  await close();
  assert.deepEqual(wrong, []);
});

test("a brand is seen before it is set, refused where it cannot be read, and then everywhere", async () => {
  const { page, wrong, close } = await reader(browser, server);
  await signIn(page, server.key, "/admin/brand");
  const accent = page.getByRole("textbox", { name: "Accent", exact: true });
  await page.getByLabel("Name", { exact: true }).fill("Northwind Traders");
  await accent.fill("#ffcc00");
  await page
    .getByRole("alert")
    .getByText(/would do/)
    .waitFor();
  assert.ok(await page.getByRole("button", { name: "Set", exact: true }).isDisabled());
  await accent.fill("#7a1f5c");
  await page.getByRole("cell", { name: /Buttons on light pages/ }).waitFor();
  await picture(page, "brand");
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await page
    .getByRole("navigation", { name: "Pages" })
    .getByRole("link", { name: "Northwind Traders" })
    .waitFor();
  assert.equal(await page.title(), "Northwind Traders");
  const colour = await page
    .locator(".nav-link.active")
    .evaluate((link) => getComputedStyle(link).color);
  assert.equal(colour, "rgb(122, 31, 92)");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto("/?tenant=sample");
  await page.getByRole("heading", { name: /Northwind Traders/ }).waitFor();
  await accessible(page, "sign-in with a brand");
  await picture(page, "sign-in-branded");
  await close();
  assert.deepEqual(wrong, []);
});

test("a customer follows the order by a link until it is revoked, without scripts", async () => {
  let address = "";
  await as({}, `/orders/${late}`, async (page) => {
    await page.getByRole("button", { name: "Link for the customer…" }).click();
    await page.getByLabel("For whom").fill("Fourth Coffee");
    await page.getByRole("button", { name: "Make a link" }).click();
    address = (await page.locator("dialog pre").textContent()) ?? "";
    assert.match(address, /\/track\/bat_/);
  });
  for (const [scheme, language] of [
    ["light", "en"],
    ["dark", "de"],
  ] as const) {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      colorScheme: scheme,
      locale: language === "de" ? "de-DE" : "en-GB",
      viewport: { width: 800, height: 900 },
    });
    const page = await context.newPage();
    await page.goto(address);
    await page
      .getByRole("heading", {
        level: 1,
        name: language === "de" ? /Ihre Bestellung/ : /Your order/,
      })
      .waitFor();
    await shot(page, `track-${scheme}`);
    const text = (await page.locator("body").textContent()) ?? "";
    assert.doesNotMatch(text, /E-[A-Z]{3}-\d\d|ord_|USD|EUR/);
    await context.close();
  }
  const { page, wrong, close } = await reader(browser, server, { width: 390, height: 780 });
  await page.goto(address);
  await accessible(page, "a customer's page");
  await phone(page, "track");
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${over} px too wide`);
  const listed = await api<{ items: { id: string }[] }>("GET", `/v1/orders/${late}/tracking-links`);
  await api("DELETE", `/v1/tracking-links/${listed.items[0]?.id}`);
  await page.goto(address);
  await page.getByRole("heading", { name: "This link does not work" }).waitFor();
  await close();
  assert.deepEqual(
    wrong.filter((each) => !/404/.test(each)),
    [],
  );
});

test("the operator makes a tenant, enters it, and finds both in the record", async () => {
  const { page, wrong, close } = await reader(browser, server);
  await page.goto("/");
  await page.getByRole("button", { name: /Sam Fielding/ }).click();
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
  await go(page, "/admin/tenants");
  await page.getByRole("button", { name: "New tenant…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("Contoso");
  await dialog.getByLabel(/Short name/).fill("contoso");
  await dialog.getByRole("button", { name: "Make" }).click();
  await dialog.getByText(/bak_/).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  const tenant = page.getByRole("row", { name: /Contoso/ });
  await tenant.waitFor();
  await settled(page);
  await accessible(page, "tenants");
  await picture(page, "tenants");
  await tenant.getByRole("button", { name: "Look at it" }).click();
  await page
    .locator(".who")
    .getByText(/Contoso/)
    .waitFor();
  await go(page, "/admin/audit");
  await page.getByRole("row", { name: /Sam Fielding.*Entered the tenant/ }).waitFor();
  await page.getByRole("row", { name: /Sam Fielding.*Made the tenant/ }).waitFor();
  await close();
  assert.deepEqual(wrong, []);
});
