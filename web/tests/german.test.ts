// German pages are German: nothing on any page of any role is a text that the catalogue has in English only.
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { go, launch, reader, settled, signIn } from "./browser.ts";
import { leftInEnglish, shownTexts } from "./catalogue.ts";
import { type Server, startServer } from "./server.ts";

let server: Server;
let browser: Browser;

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

interface Items {
  items: { id: string; partner: string; source: string; pack: string }[];
}
const first = async (path: string) => (await call<Items>("GET", path)).items[0];

beforeAll(async () => {
  server = await startServer();
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Every page, with things that there are. */
async function places(): Promise<string[]> {
  const [order, message, quarantined, unmatched, partner, source] = await Promise.all([
    first("/v1/orders?troubled=true"),
    first("/v1/messages"),
    first("/v1/quarantine"),
    first("/v1/unmatched"),
    first("/v1/partners"),
    first("/v1/sources"),
  ]);
  const all = ["", "/orders", "/exceptions", "/handoffs", "/intake", "/intake/send"];
  all.push("/intake/quarantine", "/intake/unmatched", "/partners", "/partners/scorecards");
  all.push(`/partners/${partner?.partner}`, `/partners/feeds/${source?.source}`, "/packs");
  for (const tab of ["", "files", "difference", "fixtures", "trial", "versions"])
    all.push(`/packs/starter${tab && `?tab=${tab}`}`);
  for (const page of "brand deliveries audit usage users keys tenants".split(" "))
    all.push(`/admin/${page}`);
  all.push("/admin", "/account", `/orders/${order?.id}`, `/intake/messages/${message?.id}`);
  if (quarantined) all.push(`/intake/quarantine/${quarantined.id}`);
  if (unmatched) all.push(`/intake/unmatched/${unmatched.id}`);
  // What is not there.
  all.push("/orders/ord_00000000000000000000", "/intake/messages/msg_1", "/nowhere");
  return all;
}

/** What stands on a page, with all that is folded up. */
async function read(page: Page, path: string): Promise<string[]> {
  await go(page, path || "/");
  await settled(page);
  await page.evaluate(() => {
    for (const folded of document.querySelectorAll("details")) folded.open = true;
  });
  return page.evaluate(shownTexts);
}

test.each(
  "admin operations finance customer_success partner_manager executive auditor partner operator".split(
    " ",
  ),
)("%s reads German", async (role) => {
  const partner = role === "partner" ? (await first("/v1/partners"))?.partner : null;
  const label = `the ${role}`;
  const made = { label, role, partner };
  const key =
    role === "operator" ? server.key : (await call<{ key: string }>("POST", "/v1/keys", made)).key;
  const { page, wrong, close } = await reader(browser, server, { language: "de" });
  await signIn(page, key);
  const left = new Map<string, string>();
  for (const path of await places())
    for (const shown of await read(page, path))
      if (leftInEnglish(shown)) left.set(shown, `${path}: ${shown}`);
  assert.deepEqual([...left.values()], []);
  assert.deepEqual(wrong, []);
  await close();
});

test("whoever is not signed in yet reads German, too", async () => {
  const { page, close } = await reader(browser, server, { language: "de" });
  const left = new Set<string>();
  for (const path of ["/", "/forgotten", "/invitation"]) {
    await page.goto(path);
    await page.locator("main").waitFor();
    await settled(page);
    for (const shown of await page.evaluate(shownTexts)) if (leftInEnglish(shown)) left.add(shown);
  }
  assert.deepEqual([...left], []);
  await close();
});
