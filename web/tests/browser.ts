// The browser of the tests, and what every test does with it: sign in, look for serious faults of
// accessibility, and fail on anything that the browser itself complains of.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { onTestFailed } from "vitest";
import type { Server } from "./server.ts";

const CHROMIUM = process.env.BATON_CHROMIUM ?? "/usr/bin/chromium";
/** As root in a container there is no sandbox to be had; the rest keeps it from calling out. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Of a page that a test failed on, so many characters are told. */
const SHOWN_MAX = 3000;

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: QUIET });

export interface Look {
  scheme?: "light" | "dark";
  width?: number;
  height?: number;
  language?: "en" | "de";
}

/** A page of a new reader, with what went wrong in it; `wrong` must be empty at the end. */
export async function reader(
  browser: Browser,
  server: Pick<Server, "url">,
  look: Look = {},
  /** Other sites that one is led to on purpose. */
  elsewhere: string[] = [],
) {
  const context = await browser.newContext({
    baseURL: server.url,
    viewport: { width: look.width ?? 1280, height: look.height ?? 760 },
    colorScheme: look.scheme ?? "light",
    locale: look.language === "de" ? "de-DE" : "en-GB",
    timezoneId: "Europe/Berlin",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => {
    // A refused call is an answer that the page shows.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
      wrong.push(message.text());
  });
  page.on("request", (request) => {
    const known = [server.url, ...elsewhere].some((url) => request.url().startsWith(url));
    if (!known && !/^(data|blob):/.test(request.url()))
      wrong.push(`asked elsewhere: ${request.url()}`);
  });
  onTestFailed(() => tellWhatItShows(page));
  return { page, wrong, close: () => context.close() };
}

/** What a reader would have seen says sooner why a test failed than what it waited for. */
async function tellWhatItShows(page: Page): Promise<void> {
  if (page.isClosed()) return;
  const shown = await page.locator("body").textContent();
  console.error(`${page.url()} showed:\n${shown?.slice(0, SHOWN_MAX)}`);
}

export async function signIn(page: Page, key: string, path = "/"): Promise<void> {
  await page.goto(path);
  await page.getByLabel(/API key|API-Schlüssel/).fill(key);
  await page.getByRole("button", { name: /with the key|Mit dem Schlüssel/ }).click();
  await page.getByRole("navigation", { name: /^(Pages|Seiten)$/ }).waitFor();
}

/** Goes to another place of the app without loading it anew, as a link does. */
export async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState({}, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  const { pathname } = new URL(path, "http://here");
  await page.locator(`main[data-at="${pathname}"]`).waitFor();
}

/** Nothing that says "loading" is on the page any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector(".skeleton") === null);
}

interface AxeResults {
  violations: {
    id: string;
    impact: string | null;
    nodes: { html: string; failureSummary?: string }[];
  }[];
}

/** No fault of accessibility that axe calls serious or critical. */
export async function accessible(page: Page, what: string): Promise<void> {
  // By the debugger's protocol, so that the page's policy against inline scripts stays on.
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const shown = serious.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map((node) => node.html.slice(0, 160))
        .slice(0, 3)
        .join("\n    ")}`,
  );
  assert.deepEqual(shown, [], `${what}: serious faults of accessibility`);
}
