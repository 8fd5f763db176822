// SPDX-License-Identifier: Apache-2.0
// What goes with an outcome: from the empty page through a question to its answer, on the sample
// company.
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
  await on.goto(`${server.url}/analyze/drivers`);
  await on.locator("main h1").first().waitFor();
  await settled(on);
}

test("a store without an answer says what correlation is not, and takes a question", async () => {
  await go();
  await page.getByText("What goes together is not what causes").waitFor();
  await page.getByText("Nothing was asked yet").waitFor();
  await checkAccessible(page, "drivers, empty");
  await page.getByRole("button", { name: "Find what goes with it" }).click();
  await page.getByText("In words").first().waitFor({ timeout: JOB_MS });
  await settled(page);
});

test("a question about customers has their fields and another answer", async () => {
  await go();
  await page.getByLabel("Compare").selectOption("customers");
  await page.getByLabel("What is to be explained").selectOption("receipts");
  await page.getByRole("button", { name: "Find what goes with it" }).click();
  await page.getByText("What goes with Receipts").waitFor({ timeout: JOB_MS });
  await page.getByText(/of the differences in Receipts/).waitFor();
});

test("the pictures stand beside their numbers and are told in words", async () => {
  await go();
  const pictures = page.locator("main [role=img][aria-label]");
  await pictures.nth(4).waitFor();
  assert.match(await pictures.first().getAttribute("aria-label"), /stand clear of zero/);
  await page.getByRole("button", { name: "Show the numbers" }).first().click();
  await page.getByRole("columnheader", { name: /Robust error/ }).first().waitFor();
  await checkAccessible(page, "drivers");
  await checkFits(page, "drivers");
  await checkQuiet(page, "drivers");
  await go();
  await picture(page, "drivers-1280-light");
});

test("the page is usable on a phone and in the dark", async () => {
  const state = await page.context().storageState();

  for (const [name, size, scheme] of [["390-light", NARROW, "light"], ["1280-dark", WIDE, "dark"]]) {
    const other = await open(browser, { size, scheme, state });
    await go(other);
    await checkFits(other, name);
    await checkAccessible(other, `drivers ${name}`);
    await picture(other, `drivers-${name}`);
    await other.context().close();
  }
});
