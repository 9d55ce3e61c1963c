// The daily paths in a real browser against the real binary: what `cargo xtask test` runs last.
//
// With BATON_SCREENSHOTS set to a folder, each page is also kept there as a picture: see `pictures.ts`.
import assert from "node:assert/strict";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { accessible, go, type Look, launch, reader, settled, signIn } from "./browser.ts";
import { phone, picture, shot } from "./pictures.ts";
import { type Server, startServer } from "./server.ts";

let server: Server;
let browser: Browser;
/** The worst order of the world: late, and with an open exception. */
let worst = "";
/** Something that could not be read. */
let broken = "";
/** A message. */
let said = "";

async function api<T>(path: string, key = server.key): Promise<T> {
  const response = await fetch(server.url + path, { headers: { Authorization: `Bearer ${key}` } });
  assert.equal(response.status, 200, path);
  return (await response.json()) as T;
}

interface Items<T> {
  items: T[];
}

beforeAll(async () => {
  server = await startServer();
  browser = await launch();
  const late = await api<Items<{ id: string }>>(
    "/v1/orders?late=true&troubled=true&sort=late&limit=1",
  );
  worst = late.items[0]?.id ?? "";
  const faults = await api<Items<{ id: string; code: string }>>("/v1/quarantine?limit=50");
  broken = (faults.items.find((item) => item.code === "broken_set") ?? faults.items[0])?.id ?? "";
  said = (await api<Items<{ id: string }>>("/v1/messages?limit=1")).items[0]?.id ?? "";
  assert.ok(
    worst && broken && said,
    "the sample world has a late order and something that could not be read",
  );
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** One reader who is signed in; the browser must have had nothing to complain of. */
async function as(
  look: Look,
  path: string,
  steps: (page: Page) => Promise<void>,
  key = server.key,
) {
  const { page, wrong, close } = await reader(browser, server, look);
  await signIn(page, key, path);
  await settled(page);
  await steps(page);
  await close();
  assert.deepEqual(wrong, []);
}

const pages = (): Record<string, string> => ({
  home: "/",
  orders: "/orders",
  board: "/orders?view=board",
  order: `/orders/${worst}`,
  evidence: `/orders/${worst}?claim=promise&tab=promises`,
  timeline: `/orders/${worst}?tab=timeline`,
  promises: `/orders/${worst}?tab=promises`,
  "what-if": `/orders/${worst}?tab=what_if`,
  exceptions: "/exceptions",
  messages: "/intake",
  message: `/intake/messages/${said}`,
  quarantine: "/intake/quarantine",
  fault: `/intake/quarantine/${broken}`,
  send: "/intake/send",
  "unmatched-list": "/intake/unmatched",
  "handoffs-all": "/handoffs",
  partners: "/partners",
  feed: "/partners/feeds/tailspin-tracking",
  scorecards: "/partners/scorecards?weeks=12",
  pack: "/packs/starter",
  admin: "/admin",
  users: "/admin/users",
});

/** What people have in hand on the way. */
const ON_THE_WAY = ["home", "orders", "order", "exceptions", "messages"];

/** Has what is below something in sight. */
const below = (something: Locator) =>
  something.evaluate((element) => element.scrollIntoView({ block: "start" }));

for (const scheme of ["light", "dark"] as const)
  test(`every page can be used by everybody, ${scheme}`, async () => {
    await as({ scheme }, "/", async (page) => {
      for (const [name, path] of Object.entries(pages())) {
        await go(page, path);
        await page.getByRole("main").getByRole("heading").first().waitFor();
        await settled(page);
        await accessible(page, `${name}, ${scheme}`);
        if (path.includes("?tab=")) await below(page.locator("main .tabs"));
        await shot(page, `${name}-${scheme}`);
        if (scheme === "light" && ON_THE_WAY.includes(name)) await phone(page, name);
      }
    });
  });

test("the demo's people come in by one click, stay in, and find only doors that open", async () => {
  const { demo } = await api<{ demo: { as: string; person: string }[] }>("/v1/sign-in");
  assert.ok(demo.length > 5, "the demo has people");
  for (const { as: role, person } of demo) {
    const { page, wrong, close } = await reader(browser, server);
    await page.goto("/");
    await page.getByRole("button", { name: new RegExp(person) }).click();
    const nav = page.getByRole("navigation", { name: "Pages" });
    await nav.waitFor();
    await page.reload();
    await nav.waitFor();
    const doors = await nav.getByRole("listitem").getByRole("link").all();
    assert.ok(doors.length >= 3, role);
    for (const door of doors) {
      await door.click();
      await page.getByRole("main").getByRole("heading").first().waitFor();
      await settled(page);
      assert.equal(await page.getByRole("alert").count(), 0, `${role} at ${page.url()}`);
    }
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: new RegExp(person) }).waitFor();
    await close();
    assert.deepEqual(wrong, []);
  }
});

test("nobody gets in with a wrong key, and the page says so", async () => {
  const { page, close } = await reader(browser, server);
  await page.goto("/orders");
  await page.getByLabel("API key").waitFor();
  await accessible(page, "sign-in");
  await picture(page, "sign-in");
  await phone(page, "sign-in");
  await page.getByLabel("API key").fill("bak_wrong");
  await page.getByRole("button", { name: "Sign in with the key" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByRole("navigation", { name: "Pages" }).count(), 0);
  await close();
});

test("orders are found, filtered by the address bar, and shown on a board", async () => {
  await as({}, "/orders?late=true&sort=late", async (page) => {
    const table = page.getByRole("table", { name: "Orders" });
    await table.getByRole("row").nth(1).waitFor();
    const number = await table.getByRole("row").nth(1).getByRole("link").textContent();
    assert.ok(number);
    await page.getByRole("searchbox").fill(number);
    await page.waitForURL(/q=/);
    await page.waitForFunction(() => document.querySelectorAll(".grid-row.body").length === 1);
    await page.getByRole("button", { name: "Board" }).click();
    await page.waitForURL(/view=board/);
    await page.getByRole("list", { name: "Board" }).getByRole("link").first().waitFor();
  });
});

test("a claim opens its evidence, down to the bytes of the message", async () => {
  await as({}, `/orders/${worst}`, async (page) => {
    await page
      .getByRole("button", { name: /^(Placed|Confirmed|Picked up|Delivered) \(actual\)/ })
      .first()
      .click();
    const evidence = page.getByRole("complementary", { name: "Evidence" });
    await evidence.locator("mark").first().waitFor();
    const marked = await evidence.locator("mark").first().textContent();
    assert.ok(marked && marked.length > 1, "bytes are marked");
    assert.match(page.url(), /claim=milestone/);
  });
});

test("the slider shows what was known then, and what has changed since", async () => {
  await as({}, `/orders/${worst}`, async (page) => {
    const slider = page.getByRole("slider", { name: "Known at" });
    await page.waitForFunction(
      () => Number(document.querySelector<HTMLInputElement>("#as-of")?.max) > 3,
    );
    await slider.focus();
    await slider.press("Home");
    await page.waitForURL(/as_of=/);
    const then = page.getByRole("region", { name: "Known at" });
    await then.getByText(/changed since/).click();
    await then.getByRole("row").nth(1).waitFor();
    await picture(page, "known-then");
    await page.getByRole("button", { name: "Back to now" }).click();
    await then.waitFor({ state: "detached" });
  });
});

test("a rule changed in a what-if shows what would differ, and writes nothing", async () => {
  await as({}, `/orders/${worst}?tab=what_if`, async (page) => {
    const rules = page.getByRole("textbox", { name: "slas.yaml" });
    await rules.waitFor();
    const written = await rules.inputValue();
    await rules.fill(written.replaceAll(/target: *\S+/g, "target: 1m"));
    await page.getByRole("button", { name: "Derive again" }).click();
    await page.getByText(/would differ/).waitFor();
    await below(page.getByRole("button", { name: "Derive again" }));
    await picture(page, "what-if-changed");
  });
});

test("a person adds a note, and it is in the timeline", async () => {
  await as({}, `/orders/${worst}?tab=timeline`, async (page) => {
    await page.getByRole("button", { name: /Add a note/ }).click();
    await page.getByRole("dialog").getByLabel("Note", { exact: true }).fill("customer was called");
    await accessible(page, "adding a note");
    await page.getByRole("dialog").getByRole("button", { name: "Say" }).click();
    await page.getByText("customer was called").waitFor();
  });
});

test("a person says that two orders are one, and that a number is of another", async () => {
  const { items } = await api<Items<{ id: string; number: string }>>(
    "/v1/orders?phase=placed&sort=updated&limit=2",
  );
  const [one, other] = items;
  const confirmed = await api<Items<{ id: string }>>("/v1/orders?phase=confirmed&limit=1");
  const third = confirmed.items[0];
  assert.ok(one && other && third, "two orders were just placed, and one is confirmed");
  const say = async (page: Page, what: string, fill: (dialog: Locator) => Promise<unknown>) => {
    await page.getByRole("button", { name: /Add a note/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox").first().selectOption({ label: what });
    await fill(dialog);
    await accessible(page, what);
    await dialog.getByRole("button", { name: "Say" }).click();
    return dialog;
  };
  await as({}, `/orders/${one.id}`, async (page) => {
    const link = "Another order is the same";
    const number = (value: string) => (dialog: Locator) =>
      dialog.getByLabel(/^A number of the other order/).fill(value);
    const refused = await say(page, link, number("no such number"));
    await refused.getByText("No other order has the number no such number.").waitFor();
    await page.keyboard.press("Escape");
    await (await say(page, link, number(other.number))).waitFor({ state: "detached" });
    // A shop gives no two numbers to one order: the link is kept, does not hold, and is for somebody to settle.
    await page
      .getByText(/are linked and cannot be one; the link is suspended/)
      .first()
      .waitFor();
    await go(page, `/orders/${third.id}`);
    await settled(page);
    const apart = await say(page, "A number is not of this order", (dialog) =>
      dialog.getByLabel(/^Which number/).selectOption({ index: 0 }),
    );
    await apart.waitFor({ state: "detached" });
  });
});

test("the pages follow the world as it goes on", async () => {
  await as({}, "/orders", async (page) => {
    await page.getByText("● live").waitFor();
    const first = () => page.locator(".grid-row.body").first().textContent();
    const before = await first();
    await page.waitForFunction(
      (was) => document.querySelector(".grid-row.body")?.textContent !== was,
      before,
    );
  });
});

test("messages show as they come, and so does what cannot be read", async () => {
  await as({}, "/intake/quarantine", async (page) => {
    await page.getByRole("main").getByRole("table").waitFor();
    const sent = await fetch(`${server.url}/v1/sources/tailspin-tracking/messages`, {
      method: "POST",
      headers: { Authorization: `Bearer ${server.key}`, "Content-Type": "application/json" },
      body: "{ not JSON",
    });
    assert.equal(sent.status, 202, await sent.text());
    await page
      .getByRole("row", { name: /tailspin-tracking/ })
      .first()
      .waitFor();
    await go(page, "/intake");
    const first = () => page.getByRole("main").getByRole("row").nth(1).textContent();
    await settled(page);
    const before = await first();
    await page.waitForFunction(
      (was) => document.querySelectorAll("main tr")[1]?.textContent !== was,
      before,
    );
  });
});

test("exceptions are worked through by keyboard", async () => {
  await as({}, "/exceptions", async (page) => {
    await page.locator(".exception").first().waitFor();
    await page.keyboard.press("j");
    await page.getByText(/^Ranked \d+ = /).waitFor();
    await page.keyboard.press("w");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Why it may stay as it is").fill("agreed with the customer");
    await dialog.getByRole("button", { name: "Waive" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.keyboard.press("j");
    await page.keyboard.press("o");
    await page.waitForURL(/\/orders\/ord_/);
  });
});

test("what could not be read is shown to the byte, and can be settled", async () => {
  await as({}, `/intake/quarantine/${broken}`, async (page) => {
    await page.locator("mark").first().waitFor();
    await page.getByRole("button", { name: "Read again" }).click();
    await page.getByText(/^Read again: /).waitFor();
    await go(page, "/intake/quarantine");
    await settled(page);
    await page.getByRole("main").getByRole("table").getByRole("link").first().click();
    await page.getByLabel("Why it does not matter").fill("a test message");
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByText("discarded", { exact: true }).waitFor();
  });
});

test("a file is understood before it is sent", async () => {
  await as({}, "/intake/send", async (page) => {
    await page.getByLabel("Source", { exact: true }).selectOption("tailspin-tracking");
    await page.locator("input[type=file]").setInputFiles({
      name: "broken.json",
      mimeType: "application/json",
      buffer: Buffer.from("{"),
    });
    await page.getByText("cannot be read").waitFor();
  });
});

test("the pages speak German, and fit a phone", async () => {
  await as({ language: "de", width: 390, height: 844 }, "/", async (page) => {
    for (const path of ["/", "/orders", `/orders/${worst}`, "/exceptions", "/intake"]) {
      await go(page, path);
      await page.getByRole("main").getByRole("heading").first().waitFor();
      await settled(page);
      const wider = await page.evaluate(
        () => (document.querySelector("main")?.scrollWidth ?? 0) - window.innerWidth,
      );
      assert.ok(wider <= 0, `${path} is ${wider} px wider than the screen`);
    }
    assert.equal(await page.locator("html").getAttribute("lang"), "de");
    await go(page, `/orders/${worst}`);
    await page.getByRole("heading", { name: /^Auftrag / }).waitFor();
    await shot(page, "order-phone-de");
    // Nothing that is drawn of the relay runs through a name.
    const crossed = await page.evaluate(() => {
      const boxes = (of: string) =>
        [...document.querySelectorAll(of)].map((each) => each.getBoundingClientRect());
      const drawn = boxes(".relay-line, .relay-pass, .relay-gap, .relay-held, .relay-shape");
      return boxes(".relay-name").filter((name) =>
        drawn.some(
          (box) =>
            box.left < name.right &&
            box.right > name.left &&
            box.top < name.bottom &&
            box.bottom > name.top,
        ),
      ).length;
    });
    assert.equal(crossed, 0, "lines run through names of the relay");
    await accessible(page, "order on a phone");
    await go(page, `/intake/quarantine/${broken}`);
    await page.getByText("Der Nachrichtensatz ist fehlerhaft").waitFor();
    await go(page, `/orders/${worst}?as_of=2020-01-01T00:00:00Z`);
    await page.getByText(/Den Auftrag kannte man um 01\.01\.2020/).waitFor();
  });
});

test("a partner sees its orders without prices, and no other page's door", async () => {
  const response = await fetch(`${server.url}/v1/keys`, {
    method: "POST",
    headers: { Authorization: `Bearer ${server.key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ label: "carrier", role: "partner", partner: "tailspin" }),
  });
  const { key } = (await response.json()) as { key: string };
  const mine = await api<Items<{ id: string }>>("/v1/orders?limit=1", key);
  await as(
    {},
    `/orders/${mine.items[0]?.id}`,
    async (page) => {
      await page.getByRole("heading", { name: /^Order / }).waitFor();
      const nav = page.getByRole("navigation", { name: "Pages" });
      assert.equal(await nav.getByRole("link", { name: "Packs" }).count(), 0);
      assert.doesNotMatch((await page.getByRole("main").textContent()) ?? "", /US\$|USD/);
      await go(page, "/packs");
      await page.getByText("Your role may not see this").waitFor();
    },
    key,
  );
});

test("the first page is light, and comes with a policy against scripts from elsewhere", async () => {
  const response = await fetch(`${server.url}/`, { headers: { "Accept-Encoding": "gzip" } });
  const policy = response.headers.get("content-security-policy") ?? "";
  assert.match(policy, /script-src 'self'(;|$)/);
  const html = await response.text();
  assert.doesNotMatch(html, /<script(?![^>]* src=)/, "no inline script");
  const scripts = [...html.matchAll(/src="(\/assets\/[^"]+\.js)"/g)].map((found) => found[1]);
  let bytes = 0;
  for (const script of scripts) {
    const answer = await fetch(server.url + script, { headers: { "Accept-Encoding": "gzip" } });
    assert.match(answer.headers.get("cache-control") ?? "", /immutable/);
    bytes += Number(answer.headers.get("content-length"));
  }
  assert.ok(bytes > 0 && bytes < 350 * 1024, `${bytes} bytes of scripts`);
});
