// SPDX-License-Identifier: Apache-2.0
// Accounts, the second factor and API keys, as the people do it whom they concern.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, PASSWORD,
  picture, settled, signIn,
} from "./browser.mjs";
import { Server } from "./server.mjs";

const STEP_MS = 30_000;
let server, browser, page;

before(async () => {
  server = await new Server().start();
  browser = await launch();
  page = await open(browser);
  await becomeAdministrator(page, await server.firstLink());
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// RFC 6238, as an authenticator app does it. Each code is taken once: `step` 1 is the next one,
// which is taken as well, for clocks that run ahead.
function codeOf(secret, step = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replaceAll(/[\s=]/g, "")]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + step));
  const hash = createHmac("sha1", key).update(counter).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

async function go(address, on = page) {
  await on.goto(server.url + address);
  await on.locator("main h1").first().waitFor();
  await settled(on);
}

function dialog(on = page) {
  return on.getByRole("dialog");
}

let secret, recovery;
test("a second factor is set up with an app", async () => {
  await go("/account");
  await page.getByRole("button", { name: "Set it up" }).click();
  secret = await page.locator(".mantine-Code-root").first().innerText();
  await checkAccessible(page, "setting the second factor up");
  await picture(page, "second-factor-1280-light");
  await page.getByRole("textbox", { name: "Code" }).fill("000000");
  await page.getByRole("button", { name: "Turn it on" }).click();
  await page.getByText("The code was not taken").waitFor();
  await page.getByRole("textbox", { name: "Code" }).fill(codeOf(secret));
  await page.getByRole("button", { name: "Turn it on" }).click();
  await page.getByText("Your recovery codes").waitFor();
  await settled(page);
  recovery = (await page.locator(".mantine-Code-root").first().innerText()).split("\n").filter(Boolean);
  assert.ok(recovery.length >= 8, recovery.join());
  await checkAccessible(page, "recovery codes");
  await picture(page, "recovery-codes-1280-light");
  await go("/account");
  assert.equal(await page.getByText(recovery[0]).count(), 0);
});

test("signing in asks for the code, and a wrong one is refused", async () => {
  const other = await open(browser, { size: NARROW });
  await signIn(other, server.url, "admin");
  await other.getByRole("heading", { name: "Enter your code" }).waitFor();
  await settled(other);
  await checkAccessible(other, "the code");
  await checkFits(other, "the code");
  await picture(other, "code-390-light");
  await other.getByRole("textbox", { name: "Code" }).fill("000000");
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.getByRole("alert").waitFor();
  await other.getByRole("textbox", { name: "Code" }).fill(codeOf(secret, 1));
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.locator("main h1").first().waitFor();
  checkQuiet(other, "signing in by a code");
  await other.context().close();
});

test("a recovery code opens once in place of the phone", async () => {
  for (const isFirst of [true, false]) {
    const other = await open(browser);
    await signIn(other, server.url, "admin");
    await other.getByRole("textbox", { name: "Code" }).fill(recovery[0]);
    await other.getByRole("button", { name: "Sign in" }).click();
    if (isFirst) await other.getByRole("navigation").first().waitFor();
    else await other.getByRole("alert").waitFor();
    await other.context().close();
  }
});

test("the second factor is turned off with a code", async () => {
  await go("/account");
  await page.getByRole("button", { name: "Turn it off" }).click();
  await checkAccessible(page, "turning the second factor off");
  await dialog().getByRole("textbox", { name: "Code" }).fill(recovery[1]);
  await dialog().getByRole("button", { name: "Turn it off" }).click();
  await page.getByRole("button", { name: "Set it up" }).waitFor();
  const other = await open(browser);
  await signIn(other, server.url, "admin");
  await other.getByRole("navigation").first().waitFor();
  await other.context().close();
});

let anna;
test("an account is made, and its link sets a password", async () => {
  await go("/govern/accounts");
  await page.getByRole("button", { name: "Add an account" }).click();
  await dialog().getByLabel("Name").fill("Anna Weber");
  await dialog().getByRole("button", { name: "Add" }).click();
  await dialog().locator("[role=alert], .mantine-InputWrapper-error").first().waitFor();
  await dialog().getByLabel("Name").fill("anna");
  await dialog().getByLabel("Shown as").fill("Anna Weber");
  await dialog().getByRole("button", { name: "Add" }).click();
  const link = dialog().locator(".mantine-Code-root");
  await link.waitFor();
  await checkAccessible(page, "a link that is shown once");
  await picture(page, "account-link-1280-light");
  const address = await link.innerText();
  await dialog().getByRole("button", { name: "Close" }).last().click();
  await page.getByText("Invited").first().waitFor();

  anna = await open(browser);
  await anna.goto(server.url + address.slice(address.indexOf("/welcome")));
  await anna.getByText("Anna Weber").first().waitFor();
  await anna.getByLabel(/^New password/).fill(PASSWORD);
  await anna.getByRole("button", { name: "Begin" }).click();
  await anna.getByRole("navigation").first().waitFor();
  assert.equal(await anna.getByRole("link", { name: "Accounts" }).count(), 0);
});

test("who gets another role sees what it may, and no more", async () => {
  await go("/govern/accounts");
  await page.getByRole("button", { name: "Actions of anna" }).click();
  await page.getByRole("menuitem", { name: "Change role" }).waitFor();
  await checkAccessible(page, "what can be done with an account");
  await page.getByRole("menuitem", { name: "Change role" }).click();
  await dialog().getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: "Agent" }).click();
  await checkAccessible(page, "another role");
  await dialog().getByRole("button", { name: "Save" }).click();
  await dialog().waitFor({ state: "detached" });
  await page.getByRole("row").filter({ hasText: "anna" }).getByText("Agent").waitFor();

  await anna.reload();
  await anna.waitForURL(/\/sign-in/);
  await signIn(anna, server.url, "anna");
  await anna.getByRole("navigation").first().waitFor();
  assert.equal(await anna.getByRole("link", { name: "Imports" }).count(), 0);
  await anna.goto(`${server.url}/plug/imports`);
  await settled(anna);
  await anna.getByText(/not allowed|may not|no permission/i).first().waitFor();
  await picture(anna, "not-allowed-1280-light");
  await checkAccessible(anna, "a page that is not allowed");
});

test("who is disabled is out at once, and back when enabled", async () => {
  await go("/govern/accounts");
  await page.getByRole("button", { name: "Actions of anna" }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await picture(page, "account-disable-1280-light");
  await dialog().getByRole("button", { name: "Disable" }).click();
  await page.getByRole("row").filter({ hasText: "anna" }).getByText("Disabled").waitFor();
  await anna.goto(`${server.url}/customers`);
  await anna.waitForURL(/\/sign-in/);
  await signIn(anna, server.url, "anna");
  await anna.getByRole("alert").waitFor();

  await page.getByRole("button", { name: "Actions of anna" }).click();
  await page.getByRole("menuitem", { name: "Enable" }).click();
  await page.getByRole("row").filter({ hasText: "anna" }).getByText("Active").waitFor();
  await signIn(anna, server.url, "anna");
  await anna.getByRole("navigation").first().waitFor();
  await anna.context().close();
});

function askWith(key) {
  return fetch(`${server.url}/api/v1/customers`, { headers: { Authorization: `Bearer ${key}` } });
}

test("a key is shown once, works, and is refused once revoked", async () => {
  await go("/govern/keys");
  await page.getByRole("button", { name: "Add a key" }).first().click();
  await dialog().getByLabel("What it is for").fill("nightly report");
  await dialog().getByRole("checkbox", { name: "Read customers" }).check();
  await checkAccessible(page, "a new key");
  await picture(page, "key-new-1280-light");
  await dialog().getByRole("button", { name: "Add" }).click();
  const shown = dialog().locator(".mantine-Code-root");
  await shown.waitFor();
  const key = await shown.innerText();
  await picture(page, "key-1280-light");
  assert.match(key, /^tsk_/);
  assert.equal((await askWith(key)).status, 200);
  await dialog().getByRole("button", { name: "Close" }).last().click();
  await go("/govern/keys");
  assert.equal(await page.getByText(key).count(), 0);

  await page.getByRole("button", { name: /Revoke/ }).first().click();
  await dialog().getByRole("button", { name: /Revoke/ }).last().click();
  await dialog().waitFor({ state: "detached" });
  assert.equal((await askWith(key)).status, 401);
});

test("every permission that a key is offered can be given", async () => {
  await go("/govern/keys");
  await page.getByRole("button", { name: "Add a key" }).first().click();
  await dialog().getByLabel("What it is for").fill("everything");
  for (const box of await dialog().getByRole("checkbox").all()) await box.check();
  await dialog().getByRole("button", { name: "Add" }).click();
  await dialog().locator(".mantine-Code-root").waitFor();
  checkQuiet(page, "accounts and keys");
});
