// Pictures of the pages, for the book: each light and dark, and those of a day on a phone as well. Written
// where BATON_SCREENSHOTS names a folder, which `cargo xtask web --pictures` does.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

const FOLDER = process.env.BATON_SCREENSHOTS;
const PHONE = { width: 390, height: 844 };

/** As it is drawn now. */
export async function shot(page: Page, name: string): Promise<void> {
  if (!FOLDER) return;
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}

/** Light and dark; afterwards light again, which is how pages are opened. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!FOLDER) return;
  for (const scheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await shot(page, `${name}-${scheme}`);
  }
}

/** On a phone; afterwards as large as before. */
export async function phone(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  if (!FOLDER || !before) return;
  await page.setViewportSize(PHONE);
  await page.evaluate("new Promise((done) => setTimeout(done, 400))");
  await shot(page, `${name}-phone`);
  await page.setViewportSize(before);
}
