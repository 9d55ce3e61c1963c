// People and their accounts, against the real binary with a mail server and a provider of identities
// beside it: invited by letter, a second factor, a forgotten password, an organisation's own sign-in.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { accessible, go, type Look, launch, reader, settled, signIn } from "./browser.ts";
import { picture, shot } from "./pictures.ts";
import { linkIn, openPostbox, type Postbox } from "./postbox.ts";
import { type Identities, openProvider } from "./provider.ts";
import { freePort, type Server, startEmpty } from "./server.ts";

const DOMAIN = "northwind.example";
const PASSWORD = "a long way to Omaha";
const OTHER = "a short way to Austin";

let browser: Browser;
let postbox: Postbox;
let identities: Identities;
let server: Server;
let folder: string;

beforeAll(async () => {
  browser = await launch();
  postbox = await openPostbox();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const back = `${url}/v1/oidc/northwind/callback`;
  const client = { id: "baton", secret: "s3cret", back, after: `${url}/` };
  identities = await openProvider(client, DOMAIN);
  folder = mkdtempSync(join(tmpdir(), "baton-accounts-"));
  const [providers, secret] = [join(folder, "providers.yaml"), join(folder, "secret")];
  writeFileSync(secret, `${client.secret}\n`);
  writeFileSync(
    providers,
    `- id: northwind
  name: Northwind
  issuer: ${identities.issuer}
  client_id: ${client.id}
  client_secret_file: ${secret}
  mail_domains: [${DOMAIN}]
  scopes: [groups]
  tenant: main
  roles_claim: groups
  roles:
    - {value: disponents, role: operations}
`,
  );
  server = await startEmpty(port, [
    ...["--public-url", url, "--oidc", providers, "--mail-from", `Baton <baton@${DOMAIN}>`],
    ...["--mail", `smtp://127.0.0.1:${postbox.port}?tls=none`],
  ]);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await identities?.stop();
  await postbox?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** A reader who is not signed in; the browser must have had nothing to complain of. */
async function outside(look: Look, steps: (page: Page) => Promise<void>, elsewhere?: string[]) {
  const { page, wrong, close } = await reader(browser, server, look, elsewhere);
  await steps(page);
  await close();
  assert.deepEqual(wrong, []);
}

/** The code that an app shows for a secret in base32. */
function codeOf(secret: string): string {
  const bits = [...secret]
    .map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac("sha1", key).update(step).digest();
  const offset = (digest[digest.length - 1] ?? 0) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const nav = (page: Page) => page.getByRole("navigation", { name: "Pages" });

async function enter(page: Page, login: string, password: string): Promise<void> {
  await page.goto("/");
  await page.getByLabel("E-mail address").fill(login);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** An administrator invites somebody by the pages; the link comes by letter. */
async function invite(login: string, name: string, role: string): Promise<string> {
  await outside({}, async (page) => {
    await signIn(page, server.key, "/admin/users");
    await page.getByRole("button", { name: "Invite…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("E-mail address").fill(login);
    await dialog.getByLabel("Name", { exact: true }).fill(name);
    await dialog.getByLabel("Role").selectOption({ label: role });
    await accessible(page, "inviting");
    await dialog.getByRole("button", { name: "Invite", exact: true }).click();
    await page.getByText(`An e-mail with the link is on its way to ${login}.`).waitFor();
  });
  return linkIn(await postbox.letterTo(login));
}

async function takeUp(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("heading", { name: "You are invited" }).waitFor();
  await page.getByText(/: Main has a seat for you/).waitFor();
  assert.doesNotMatch(page.url(), /#/, "the secret is out of the address bar");
}

test("an invited person sets a password, a second factor, and ends what is open elsewhere", async () => {
  const login = `noor@${DOMAIN}`;
  const link = await invite(login, "Noor Lindqvist", "Operations");
  await outside({}, async (page) => {
    await takeUp(page, link);
    await accessible(page, "an invitation");
    await picture(page, "invitation");
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByLabel("The same once more").fill(OTHER);
    await page.getByRole("button", { name: "Take up the seat" }).click();
    await page.getByText("The two are not the same").waitFor();
    await page.getByLabel("The same once more").fill(PASSWORD);
    await page.getByRole("button", { name: "Take up the seat" }).click();
    await nav(page).waitFor();

    await page.getByRole("link", { name: "Account of Noor Lindqvist" }).click();
    await page.getByRole("button", { name: "Set up" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Go on" }).click();
    const secret = await dialog.getByLabel("Or type this into the app").inputValue();
    await dialog.getByRole("img", { name: /Picture of the secret/ }).waitFor();
    await accessible(page, "a second factor");
    await picture(page, "second-factor");
    await dialog.getByLabel("Code of the second factor").fill(codeOf(secret));
    await dialog.getByRole("button", { name: "Confirm" }).click();
    const codes = dialog.getByRole("list", { name: "Recovery codes" });
    const code = (await codes.getByRole("listitem").first().textContent()) ?? "";
    assert.equal(await codes.getByRole("listitem").count(), 10);
    await dialog.getByRole("button", { name: "I have kept them" }).click();
    await page.getByText("10 left").waitFor();

    // From elsewhere the password alone is not enough, and a recovery code stands in.
    await outside({}, async (other) => {
      await enter(other, login, PASSWORD);
      await other.getByLabel("Code of the second factor").fill("000000");
      await other.getByRole("button", { name: "Sign in", exact: true }).click();
      await other.getByRole("alert").waitFor();
      await enter(other, login, PASSWORD);
      await other.getByLabel("Code of the second factor").fill(code);
      await accessible(other, "the code");
      await other.getByRole("button", { name: "Sign in", exact: true }).click();
      await nav(other).waitFor();

      await page.reload();
      const sessions = page.getByRole("region", { name: "Where you are signed in" });
      await sessions.getByRole("row").nth(2).waitFor();
      await page.getByText("9 left").waitFor();
      for (const scheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        await accessible(page, `the account, ${scheme}`);
        await shot(page, `account-${scheme}`);
      }
      await page.getByRole("button", { name: "End all others" }).click();
      await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
      await other.reload();
      await other.getByLabel("E-mail address").waitFor();
    });
  });
  // Used, the link is of no use.
  await outside({}, async (page) => {
    await page.goto(link);
    await page.getByText("This link is of no use").waitFor();
    await accessible(page, "a link of no use");
  });
});

test("a forgotten password is replaced by a letter, and nobody is told who is here", async () => {
  const login = `felix@${DOMAIN}`;
  const link = await invite(login, "Felix Brandt", "Finance");
  await outside({}, async (page) => {
    await takeUp(page, link);
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByLabel("The same once more").fill(PASSWORD);
    await page.getByRole("button", { name: "Take up the seat" }).click();
    await nav(page).waitFor();
  });
  for (const who of [`nobody@${DOMAIN}`, login])
    await outside({}, async (page) => {
      await page.goto("/");
      await page.getByRole("link", { name: "Forgotten?" }).click();
      // The page before asks for an address as well.
      await page.getByRole("heading", { name: "Forgotten password" }).waitFor();
      await page.getByLabel("E-mail address").fill(who);
      await accessible(page, "a forgotten password");
      if (who === login) await picture(page, "forgotten");
      await page.getByRole("button", { name: "Send the link" }).click();
      await page.getByText(/^If this address is known here/).waitFor();
    });
  await outside({ language: "de", width: 390, height: 844 }, async (page) => {
    await page.goto(linkIn(await postbox.letterTo(login)));
    await page.getByRole("heading", { name: "Neues Passwort setzen" }).waitFor();
    await page.getByLabel("Neues Passwort").fill(OTHER);
    await page.getByLabel("Dasselbe noch einmal").fill(OTHER);
    await accessible(page, "a new password");
    await page.getByRole("button", { name: "Passwort setzen" }).click();
    await page.getByRole("navigation", { name: "Seiten" }).waitFor();
  });
});

test("an administrator asks a role for a second factor, and that role does nothing before", async () => {
  const login = `aiko@${DOMAIN}`;
  const link = await invite(login, "Aiko Tanabe", "Auditor");
  await outside({}, async (page) => {
    await takeUp(page, link);
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByLabel("The same once more").fill(PASSWORD);
    await page.getByRole("button", { name: "Take up the seat" }).click();
    await nav(page).waitFor();
  });
  await outside({}, async (page) => {
    await signIn(page, server.key, "/admin/users");
    const rules = page.getByRole("region", { name: "Signing in" });
    await rules.getByLabel("Auditor").check();
    await rules.getByRole("button", { name: "Save" }).click();
    await rules.getByText("Saved").waitFor();
    await settled(page);
    await accessible(page, "users");
    // Changed, signed out everywhere, and ended.
    const act = async (name: string) => {
      await page.getByLabel("Actions for Aiko Tanabe").click();
      await page.getByRole("button", { name, exact: true }).click();
    };
    await act("Sign out everywhere");
    await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });
  await outside({}, async (page) => {
    await enter(page, login, PASSWORD);
    await page.getByRole("heading", { name: "A second factor for Main" }).waitFor();
    await accessible(page, "a second factor first");
    await picture(page, "second-factor-first");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Go on" }).click();
    const secret = await page.getByLabel("Or type this into the app").inputValue();
    await page.getByLabel("Code of the second factor").fill(codeOf(secret));
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("button", { name: "I have kept them" }).click();
    await nav(page).waitFor();
  });
});

test("people come in by their organisation's own account", async () => {
  // The provider's own page asks for one of these.
  const fonts = "https://fonts.googleapis.com/";
  const elsewhere = [identities.issuer, fonts];
  const through = async (page: Page, name: string) => {
    await page.route(`${fonts}**`, (route) => route.fulfill({ contentType: "text/css", body: "" }));
    await page.goto("/orders");
    await page.getByRole("link", { name: "Sign in with Northwind" }).click();
    await page.locator("input[name=login]").fill(name);
    await page.locator("input[name=password]").fill("whatever");
    await page.locator("button[type=submit]").click();
    await page.getByRole("button", { name: "Continue" }).click();
  };
  await outside(
    {},
    async (page) => {
      await through(page, "greta");
      await nav(page).waitFor();
      assert.equal(new URL(page.url()).pathname, "/orders", "where one wanted to go");
      await page.getByText("Operations · Main").waitFor();
      await go(page, "/account");
      await page.getByText(/You sign in without a password/).waitFor();
      await settled(page);
      await accessible(page, "an account without a password");
      // Whoever leaves leaves the provider as well, and the next one here is asked who they are.
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Yes, sign me out" }).click();
      await page.getByRole("link", { name: "Sign in with Northwind" }).click();
      await page.locator("input[name=login]").waitFor();
    },
    elsewhere,
  );
  await outside(
    {},
    async (page) => {
      await through(page, "stranger");
      await page.getByText(/This did not let you in/).waitFor();
      assert.equal(await nav(page).count(), 0);
      await accessible(page, "not let in");
    },
    elsewhere,
  );
});

test("a key is made for a network, changed for another, and ended", async () => {
  await outside({}, async (page) => {
    await signIn(page, server.key, "/admin/keys");
    await page.getByRole("button", { name: "New key…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Who or what will use it").fill("warehouse");
    await dialog.getByLabel("Role").selectOption({ label: "Auditor" });
    await dialog.getByLabel(/^Holds from these networks/).fill("192.0.2.0/24, 2001:db8::/32");
    await dialog.getByLabel(/^Ends after/).fill("2099-12-31");
    await accessible(page, "a new key");
    await dialog.getByRole("button", { name: "Make" }).click();
    await dialog.getByText(/^bak_/).waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    const row = page.getByRole("row").filter({ hasText: "warehouse" });
    await row.getByText("192.0.2.0/24, 2001:db8::/32").waitFor();
    await row.getByRole("button", { name: "New key" }).click();
    await dialog.getByRole("button", { name: "New key" }).click();
    await dialog.getByText(/^bak_/).waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await row.nth(1).waitFor();
    await row.nth(1).getByRole("button", { name: "Revoke" }).click();
    await dialog.getByRole("button", { name: "Revoke" }).click();
    await row.nth(1).getByText("revoked").waitFor();
  });
});
