// Customers that somebody looks after: the first page of whoever sees to customers begins with theirs, and lists
// can be about theirs alone.
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { accessible, go, launch, reader, settled, signIn } from "./browser.ts";
import { phone, picture } from "./pictures.ts";
import { type Server, startServer } from "./server.ts";

let server: Server;
let browser: Browser;

async function call<T>(method: string, path: string, key: string, body?: object): Promise<T> {
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

interface Rows {
  items: { id: string; number: string; customer: string | null }[];
}

beforeAll(async () => {
  server = await startServer();
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test("the demo's first page for customer success is about the customers that were chosen", async () => {
  const { page, wrong, close } = await reader(browser, server);
  await page.goto("/");
  await page.getByRole("button", { name: /Carla/ }).click();
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
  const switched = page.getByRole("button", { name: "My customers" });
  await switched.and(page.locator("[aria-pressed=true]")).waitFor();
  const slipping = page.getByRole("region", { name: /^Late, or going to be/ });
  await settled(page);
  await accessible(page, "the first page about one's own customers");
  await picture(page, "home-my-customers");
  await phone(page, "home-my-customers");
  const link = slipping.getByRole("link", { name: "All" });
  assert.match((await link.getAttribute("href")) ?? "", /my_customers=true/);
  await switched.click();
  await page.waitForURL(/customers=all/);
  await switched.and(page.locator("[aria-pressed=false]")).waitFor();
  await close();
  assert.deepEqual(wrong, []);
});

test("one chooses customers by name, and lists are about theirs", async () => {
  const { key } = await call<{ key: string }>("POST", "/v1/keys", server.key, {
    label: "sees to customers",
    role: "customer_success",
  });
  const all = await call<Rows>("GET", "/v1/orders?limit=500", key);
  const customer = all.items.find((row) => row.customer !== null)?.customer ?? "";
  const theirs = all.items.filter((row) => row.customer === customer).length;
  const { page, wrong, close } = await reader(browser, server);
  await signIn(page, key, "/orders");
  await page.getByRole("button", { name: "My customers" }).click();
  const dialog = page.getByRole("dialog", { name: "Customers that you look after" });
  await dialog.getByRole("searchbox").fill(customer.slice(0, 4));
  await dialog.getByLabel(customer).check();
  await accessible(page, "choosing customers");
  await picture(page, "choose-customers");
  await dialog.getByRole("button", { name: "Keep" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.waitForURL(/my_customers=true/);
  await page.getByText(new RegExp(`^${theirs} orders?$|^one order$`)).waitFor();
  await go(page, "/exceptions?my_customers=true");
  await settled(page);
  const orders = await page.locator(".exception .nowrap").allTextContents();
  const own = new Set(all.items.filter((row) => row.customer === customer).map((r) => r.number));
  for (const number of orders.filter((each) => each.startsWith("#")))
    assert.ok(own.has(number), `${number} is another's`);
  // What was chosen in the app, a script with the same key has too.
  const kept = await call<{ customers: string[] }>("GET", "/v1/my-customers", key);
  assert.deepEqual(kept.customers, [customer]);
  await close();
  assert.deepEqual(wrong, []);
});
