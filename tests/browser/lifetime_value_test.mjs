// SPDX-License-Identifier: Apache-2.0
// Lifetime values from the empty page to the customer at the top of the list, on the sample company.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, JOB_MS, launch, NARROW, open,
  picture, settled, WIDE,
} from "./browser.mjs";
import { Server } from "./server.mjs";

const CUSTOMERS = 300;
let server, browser, page;

before(async () => {
  server = new Server();
  server.command("sample", "--customers", String(CUSTOMERS));
  await server.start();
  browser = await launch();
  page = await open(browser);
  await becomeAdministrator(page, await server.firstLink());
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function go(on = page) {
  await on.goto(`${server.url}/analyze/lifetime-value`);
  await on.locator("main h1").first().waitFor();
  await settled(on);
}

test("a store without an estimate offers to make one", async () => {
  await go();
  await page.getByText("Nothing was estimated yet").waitFor();
  await checkAccessible(page, "lifetime value, empty");
  await page.getByRole("button", { name: "Estimate now" }).click();
  await page.getByText("Who is still a customer").first().waitFor({ timeout: JOB_MS });
  await settled(page);
});

test("the pictures stand beside their numbers and are told in words", async () => {
  await go();
  const pictures = page.locator("main [role=img][aria-label]");
  await pictures.nth(2).waitFor();
  assert.match(await pictures.first().getAttribute("aria-label"), /were expected/);
  await page.getByRole("button", { name: "Show the numbers" }).first().click();
  await page.getByRole("columnheader", { name: /Expected/ }).first().waitFor();
  await checkAccessible(page, "lifetime value");
  await checkFits(page, "lifetime value");
  await checkQuiet(page, "lifetime value");
  await go();
  await picture(page, "lifetime-value-1280-light");
});

test("the next estimate can be asked for another horizon and model", async () => {
  await go();
  await page.getByLabel("Months ahead").fill("6");
  await page.getByLabel("Model", { exact: true }).selectOption("mbg_nbd");
  await page.getByRole("button", { name: "Estimate again" }).click();
  await page.getByText("Value within 6 months").first().waitFor({ timeout: JOB_MS });
  await page.getByText("MBG/NBD").first().waitFor();
  await page.getByText("By the time of the first purchase").first().waitFor();
});

test("a customer of the list leads to their page", async () => {
  await go();
  await page.getByRole("link").filter({ hasText: /\d/ }).first().waitFor();
  const list = page.locator("section").filter({ hasText: "Most valuable customers" });
  await list.getByRole("link").first().click();
  await page.waitForURL(/\/customers\/\d+/);
});

test("the page is usable on a phone and in the dark", async () => {
  const state = await page.context().storageState();

  for (const [name, size, scheme] of [["390-light", NARROW, "light"], ["1280-dark", WIDE, "dark"]]) {
    const other = await open(browser, { size, scheme, state });
    await go(other);
    await checkFits(other, name);
    await checkAccessible(other, `lifetime value ${name}`);
    await picture(other, `lifetime-value-${name}`);
    await other.context().close();
  }
});
