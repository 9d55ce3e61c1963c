// Packs in a real browser: changed with help in place, kept as a draft, tested, tried against history,
// brought into force with another person's approval, compared and taken back.
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { accessible, go, launch, reader, settled, signIn } from "./browser.ts";
import { picture } from "./pictures.ts";
import { type Server, startServer } from "./server.ts";

let server: Server;
let browser: Browser;

beforeAll(async () => {
  server = await startServer();
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** One of the demo's people, by one click. */
async function person(name: string, scheme: "light" | "dark" = "light") {
  const opened = await reader(browser, server, { scheme });
  await opened.page.goto("/packs");
  await opened.page.getByRole("button", { name: new RegExp(name) }).click();
  await opened.page.getByRole("navigation", { name: "Pages" }).waitFor();
  await go(opened.page, "/packs");
  return opened;
}

/** What the editor holds of a file. */
const editor = (page: Page, file: string) => page.getByRole("textbox", { name: file });

async function setText(page: Page, file: string, change: (text: string) => string): Promise<void> {
  const box = editor(page, file);
  await box.waitFor();
  const lines = await box.locator(".cm-line").allTextContents();
  // Pasted, as people do: the browser's own insertion leaves styles that the page's policy forbids.
  await box.click();
  await page.keyboard.press("Control+a");
  await box.evaluate(
    (element, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      const paste = { clipboardData, bubbles: true, cancelable: true };
      element.dispatchEvent(new ClipboardEvent("paste", paste));
    },
    change(lines.join("\n")),
  );
}

test("a pack is changed with help, checked in place, and kept as a draft", async () => {
  const { page, wrong, close } = await person("Ada");
  await go(page, "/packs/starter");
  await setText(page, "pack.yaml", (text) => text.replace("title:", "titel:"));
  await page.getByRole("button", { name: "Check" }).click();
  const finding = page
    .getByRole("alert")
    .getByText(/expected/)
    .first();
  await finding.waitFor();
  await page
    .getByRole("alert")
    .getByRole("button", { name: /^pack\.yaml:\d+:\d+$/ })
    .first()
    .click();
  await page.locator(".cm-lintRange-error").first().waitFor();
  await page.getByRole("complementary", { name: "What may be written here" }).waitFor();
  await accessible(page, "a pack with a fault");
  await picture(page, "pack-fault");
  await setText(page, "pack.yaml", (text) =>
    text.replace("titel:", "title:").replace(/version: .*/, "version: 1.1.0"),
  );
  await page.getByRole("button", { name: "slas.yaml" }).click();
  await setText(page, "slas.yaml", (text) => text.replace("target: 8h", "target: 4h"));
  await page.getByText(/^Saved at/).waitFor();
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText(/would be in force as .*starter@1\.1\.0/).waitFor();
  // Whoever comes back finds it.
  await page.reload();
  await page.getByRole("link", { name: "Go on with it" }).click();
  await page.waitForURL(/version=draft/);
  await page.getByRole("button", { name: "slas.yaml" }).click();
  await editor(page, "slas.yaml").getByText("target: 4h").waitFor();
  await picture(page, "pack-draft");
  await page.getByRole("link", { name: "Difference" }).click();
  await page.getByRole("table").getByText("target: 4h").waitFor();
  await accessible(page, "the difference of two versions");
  await picture(page, "pack-difference");
  await close();
  assert.deepEqual(wrong, []);
});

test("a pack is begun here, as a copy or from nothing, and kept until it is brought into force", async () => {
  const { page, wrong, close } = await person("Ada");
  const begin = async (name: string, from: RegExp) => {
    await go(page, "/packs");
    await page.getByRole("button", { name: "New pack…" }).click();
    const dialog = page.getByRole("dialog", { name: "Begin a pack" });
    await dialog.getByRole("textbox", { name: /^Name/ }).fill(name);
    const choice = dialog.getByLabel("What it begins as");
    const options = await choice.locator("option").allTextContents();
    await choice.selectOption({ label: options.find((option) => from.test(option)) ?? "" });
    await accessible(page, "beginning a pack");
    await dialog.getByRole("button", { name: "Begin", exact: true }).click();
  };
  await begin("starter", /small pack/);
  await page
    .getByRole("alert")
    .getByText(/there is a pack of this name/)
    .waitFor();
  await page.keyboard.press("Escape");
  await begin("our-tracking", /copy of carrier-tracking/);
  await page.waitForURL(/our-tracking\?version=draft/);
  await page.getByText("new, not in force").waitFor();
  await editor(page, "pack.yaml").getByText("name: our-tracking").waitFor();
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText(/would be in force as .*our-tracking@1\.0\.0/).waitFor();
  await page.getByRole("link", { name: "Difference" }).click();
  await page
    .getByText("+name: our-tracking")
    .or(page.getByText("name: our-tracking"))
    .first()
    .waitFor();
  await accessible(page, "a pack that is new");
  await page.getByRole("link", { name: "Files" }).click();
  await page.getByRole("button", { name: "Discard the draft" }).click();
  await page.waitForURL(/\/packs$/);
  await begin("acme-scans", /small pack/);
  await page.waitForURL(/acme-scans\?version=draft/);
  await setText(page, "pack.yaml", (text) => text.replace(/title: .*/, "title: Scans of ACME"));
  await page.getByText(/^Saved at/).waitFor();
  await picture(page, "pack-new");
  await page.getByRole("link", { name: "Fixtures" }).click();
  await page.getByRole("button", { name: "Run the fixtures" }).click();
  await page.getByText(/fixtures? pass/).waitFor();
  await go(page, "/packs");
  const begun = page.getByRole("region", { name: "Begun, and not in force" });
  await begun.getByRole("link", { name: "acme-scans" }).click();
  await page.getByRole("button", { name: "Activate" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Why").fill("ACME has scanners now");
  await dialog.getByRole("button", { name: "Activate" }).click();
  await page.getByText(/In force now: .*acme-scans@/).waitFor();
  assert.equal(await begun.count(), 0);
  await close();
  assert.deepEqual(wrong, []);
});

test("words that may be written are offered", async () => {
  const { page, wrong, close } = await person("Ada");
  await go(page, "/packs/starter?version=draft&file=slas.yaml");
  const box = editor(page, "slas.yaml");
  await box.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\n- ow");
  await page.keyboard.press("Control+Space");
  const offered = page.locator(".cm-tooltip-autocomplete").getByText("owner");
  await offered.waitFor();
  await picture(page, "pack-completion");
  await offered.click();
  await box.getByText("- owner:").waitFor();
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await close();
  assert.deepEqual(wrong, []);
});

test("a draft's fixtures are run, and it is tried against what happened", async () => {
  const { page, wrong, close } = await person("Ada");
  await go(page, "/packs/starter?version=draft&tab=fixtures");
  await page.getByRole("button", { name: "Run the fixtures" }).click();
  await page.getByText(/fixtures pass/).waitFor();
  await accessible(page, "fixtures");
  await picture(page, "pack-fixtures");
  await page.getByRole("link", { name: "Against history" }).click();
  await page.getByLabel("Sample").selectOption("100");
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByText(/0 of 100 messages would be read differently/).waitFor({ timeout: 60_000 });
  await page.getByText(/[1-9]\d* of \d+ orders would come out differently/).waitFor({
    timeout: 120_000,
  });
  await accessible(page, "a trial");
  await picture(page, "pack-trial");
  await close();
  assert.deepEqual(wrong, []);
});

test("what one asks for comes into force when another approves, and can be taken back", async () => {
  const admin = await person("Ada");
  const { page } = admin;
  await page.getByRole("button", { name: "Change who approves" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("How many others have to approve").fill("1");
  await dialog.getByLabel("Why").fill("four eyes");
  await dialog.getByRole("button", { name: "Ask for it" }).click();
  await page.getByText(/One other person has to approve before/).waitFor();
  await go(page, "/packs/starter?version=draft");
  await page.getByRole("button", { name: "Activate" }).click();
  await dialog.getByText("One other person has to approve it.").waitFor();
  await dialog.getByLabel("Why").fill("suppliers answer within four hours now");
  await accessible(page, "asking for a pack");
  await dialog.getByRole("button", { name: "Ask for it" }).click();
  await page.waitForURL(/request=prq_/);
  await page.getByText("It is your own request: others decide it.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Approve", exact: true }).count(), 0);
  const other = await person("Sam");
  await other.page.getByText("suppliers answer within four hours now").waitFor();
  await other.page.getByText("What changes from 1.0.0 to 1.1.0").click();
  await other.page.getByRole("table").getByText("target: 4h").waitFor();
  await accessible(other.page, "a request");
  await picture(other.page, "packs");
  await other.page.getByLabel("What there is to say").first().fill("agreed with purchasing");
  await other.page.getByRole("button", { name: "Approve", exact: true }).click();
  await other.page.getByText("granted").first().waitFor();
  await other.page.getByRole("row", { name: /starter 1\.1\.0 .*in force/ }).waitFor();
  await go(other.page, "/packs/starter?tab=versions");
  await settled(other.page);
  await accessible(other.page, "what was in force");
  await picture(other.page, "pack-versions");
  await other.page.getByRole("button", { name: "Roll back" }).first().click();
  const back = other.page.getByRole("dialog", { name: "Roll back to 1.0.0" });
  await back.getByLabel("Why").fill("they do not");
  await back.getByRole("button", { name: "Ask for it" }).click();
  await other.page.waitForURL(/request=prq_/);
  await page.reload();
  await page.getByRole("button", { name: "Approve", exact: true }).click();
  await page.getByRole("row", { name: /starter 1\.0\.0 .*in force/ }).waitFor();
  for (const each of [admin, other]) {
    await each.close();
    assert.deepEqual(each.wrong, []);
  }
});

test("who may not change packs reads them", async () => {
  const response = await fetch(`${server.url}/v1/keys`, {
    method: "POST",
    headers: { Authorization: `Bearer ${server.key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ label: "auditor", role: "auditor" }),
  });
  const { key } = (await response.json()) as { key: string };
  const { page, wrong, close } = await reader(browser, server, { scheme: "dark" });
  await signIn(page, key, "/packs/starter?file=rules.yaml");
  await editor(page, "rules.yaml").waitFor();
  assert.equal(await page.getByRole("button", { name: "Check" }).count(), 0);
  assert.equal(await editor(page, "rules.yaml").getAttribute("aria-readonly"), "true");
  await accessible(page, "a pack that is read");
  await close();
  assert.deepEqual(wrong, []);
});

const api = (path: string, init: RequestInit = {}) =>
  fetch(server.url + path, {
    ...init,
    headers: { Authorization: `Bearer ${server.key}`, "Content-Type": "application/json" },
  });

test("a parcel of no order is suggested for, and linked by one click", async () => {
  const known = (await (await api("/v1/orders?limit=50&sort=updated")).json()) as {
    items: { id: string }[];
  };
  let tracking = "";
  for (const { id } of known.items) {
    const order = (await (await api(`/v1/orders/${id}`)).json()) as {
      objects: { identifiers: { scheme: string; value: string }[] }[];
    };
    const names = order.objects.flatMap((object) => object.identifiers);
    tracking = names.find((name) => name.scheme === "tracking")?.value ?? tracking;
    if (tracking) break;
  }
  assert.ok(tracking, "some order has a tracking number");
  // Two signs changed places, as when somebody types it.
  const end = tracking.slice(-2);
  const [one = "", other = ""] = end;
  const typed = tracking.slice(0, -2) + (one === other ? `${end}0` : other + one);
  const now = (await (await api("/v1/caller")).json()) as { now: string };
  const sent = await api("/v1/sources/tailspin-tracking/messages", {
    method: "POST",
    body: JSON.stringify({
      event_id: "typed-1",
      tracking_number: typed,
      carrier: "tailspin",
      status: "picked_up",
      code: "PU",
      timestamp: now.now,
      location: { city: "Memphis", region: "TN", country: "US" },
    }),
  });
  assert.equal(sent.status, 202, await sent.text());
  const { page, wrong, close } = await person("Noor");
  await go(page, "/intake/unmatched");
  const row = page.getByRole("link", { name: new RegExp(typed) });
  await row.first().waitFor();
  await accessible(page, "what is unmatched");
  await row.first().click();
  await page
    .getByText(/sign off|signs off|part of the other/)
    .first()
    .waitFor();
  await settled(page);
  await accessible(page, "suggestions");
  await picture(page, "unmatched");
  await page.getByRole("button", { name: "Link" }).first().click();
  await page.waitForURL(/\/orders\/ord_/);
  await close();
  assert.deepEqual(wrong, []);
});

test("a fault leads to the line of the pack that reads it", async () => {
  const { page, wrong, close } = await person("Ada");
  await go(page, "/intake/quarantine");
  await settled(page);
  await page.getByRole("main").getByRole("table").getByRole("link").first().click();
  await page.getByRole("link", { name: /^Mend the pack that reads it: connectors\// }).click();
  await page.waitForURL(/file=connectors/);
  await page.getByRole("textbox", { name: /^connectors\// }).waitFor();
  await close();
  assert.deepEqual(wrong, []);
});

test("a partner has a page: feeds, hand-offs and agreements", async () => {
  const { page, wrong, close } = await person("Piet");
  await go(page, "/partners");
  await page.getByRole("heading", { level: 2 }).getByRole("link").first().click();
  await page.getByRole("heading", { name: "What was agreed" }).waitFor();
  await settled(page);
  await accessible(page, "a partner");
  await picture(page, "partner");
  await close();
  assert.deepEqual(wrong, []);
});

test("an order stands beside itself under another version of a pack", async () => {
  const late = (await (await api("/v1/orders?late=true&limit=1")).json()) as {
    items: { id: string }[];
  };
  const { page, wrong, close } = await person("Ada");
  await go(page, `/orders/${late.items[0]?.id}?tab=what_if`);
  await page.getByLabel(/^Rules/).selectOption("1.1.0");
  await page
    .getByText(/would differ/)
    .first()
    .waitFor();
  await accessible(page, "another version beside an order");
  await close();
  assert.deepEqual(wrong, []);
});
