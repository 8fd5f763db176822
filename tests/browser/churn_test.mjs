// SPDX-License-Identifier: Apache-2.0
// Churn from the empty page to the customer at the top of the list, and retention, on the sample
// company.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, JOB_MS, launch, NARROW, open,
  picture, settled, WIDE,
} from "./browser.mjs";
import { Server } from "./server.mjs";

const CUSTOMERS = 1000; // of fewer no model is better than the naive ones
const CHURN = "/analyze/churn";
const RETENTION = "/analyze/reports/retention";
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

async function go(address, on = page) {
  await on.goto(`${server.url}${address}`);
  await on.locator("main h1").first().waitFor();
  await settled(on);
}

test("a store without an estimate offers to make one", async () => {
  await go(CHURN);
  await page.getByText("Nothing was estimated yet").waitFor();
  await checkAccessible(page, "churn, empty");
  await page.getByRole("button", { name: "Estimate now" }).click();
  await page.getByText("Expected and actual shares who left").first().waitFor({ timeout: JOB_MS });
  await settled(page);
});

test("the pictures stand beside their numbers and are told in words", async () => {
  for (const [name, address, words] of [["churn", CHURN, /were expected to leave/],
                                        ["retention", RETENTION, /buy one month after/]]) {
    await go(address);
    const pictures = page.locator("main [role=img][aria-label]");
    await pictures.nth(1).waitFor();
    assert.match(await pictures.first().getAttribute("aria-label"), words);
    await page.getByRole("button", { name: "Show the numbers" }).first().click();
    await checkAccessible(page, name);
    await checkFits(page, name);
    await checkQuiet(page, name);
    await go(address);
    await picture(page, `${name}-1280-light`);
  }
});

test("a customer of the list leads to their page, which says why", async () => {
  await go(CHURN);
  const list = page.locator("section").filter({ hasText: "Likeliest to leave" });
  await list.getByRole("link").first().click();
  await page.waitForURL(/\/customers\/\d+/);
  await page.getByText(/speaks most/).first().waitFor();
});

test("the pages are usable on a phone and in the dark", async () => {
  const state = await page.context().storageState();

  for (const [name, size, scheme] of [["390-light", NARROW, "light"], ["1280-dark", WIDE, "dark"]])
    for (const [noun, address] of [["churn", CHURN], ["retention", RETENTION]]) {
      const other = await open(browser, { size, scheme, state });
      await go(address, other);
      await checkFits(other, `${noun} ${name}`);
      await checkAccessible(other, `${noun} ${name}`);
      await picture(other, `${noun}-${name}`);
      await other.context().close();
    }
});
