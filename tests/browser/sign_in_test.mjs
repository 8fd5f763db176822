// SPDX-License-Identifier: Apache-2.0
// How the first person comes in, and what a browser fetches until then.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, PASSWORD,
  picture, settled, signIn,
} from "./browser.mjs";
import { Server } from "./server.mjs";

const FIRST_LOAD_BYTES = 300_000;
let server, browser, link;

before(async () => {
  server = await new Server().start();
  browser = await launch();
  link = await server.firstLink();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the first load is under 300 KB", async () => {
  const page = await open(browser);
  const sizes = [];
  page.on("requestfinished", (request) => sizes.push(request.sizes()));
  await page.goto(`${server.url}/sign-in`);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await settled(page);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size.responseBodySize, 0);
  console.log(`first load: ${bytes} bytes in ${sizes.length} requests`);
  assert.ok(bytes > 0 && bytes < FIRST_LOAD_BYTES, `${bytes} bytes`);
  await page.context().close();
});

test("the one-time link sets a password and signs in, once", async () => {
  const page = await open(browser);
  await page.goto(link);
  await page.getByLabel(/^New password/).waitFor();
  await checkAccessible(page, "welcome");
  await picture(page, "welcome-1280-light");
  await becomeAdministrator(page, link);
  checkQuiet(page, "welcome");
  await page.context().close();

  const other = await open(browser);
  await other.goto(link);
  await other.getByText("This link was used already").waitFor();
  await other.context().close();
});

test("a page that needs signing in is come back to after it", async () => {
  const page = await open(browser, { size: NARROW, scheme: "dark" });
  await page.goto(`${server.url}/customers?q=smith`);
  await page.waitForURL(/\/sign-in/);
  await settled(page);
  await checkAccessible(page, "sign-in");
  await checkFits(page, "sign-in");
  await picture(page, "sign-in-390-dark");
  const name = page.getByLabel(/^Name/);
  await name.fill("admin");
  await page.getByLabel(/^Password/).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/customers\?q=smith/);
  await page.context().close();
});

test("a wrong password says nothing about the name", async () => {
  const said = [];
  for (const name of ["admin", "nobody-at-all"]) {
    const page = await open(browser);
    await signIn(page, server.url, name, "not the password at all");
    const note = page.getByRole("alert");
    await note.waitFor();
    said.push((await note.innerText()).replaceAll(name, "NAME"));
    assert.match(page.url(), /\/sign-in/);
    await page.context().close();
  }
  assert.equal(said[0], said[1]);
});

test("signing out ends the session", async () => {
  const page = await open(browser);
  await signIn(page, server.url, "admin");
  await page.getByRole("navigation").first().waitFor();
  const state = await page.context().storageState();
  await page.getByRole("button", { name: /account|admin/i }).first().click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in/);
  await page.context().close();

  const thief = await open(browser, { state });
  await thief.goto(`${server.url}/`);
  await thief.waitForURL(/\/sign-in/);
  await thief.context().close();
});
