// SPDX-License-Identifier: Apache-2.0
// Attribution from the empty page to what channels return, on the sample company.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, JOB_MS, launch, NARROW, open,
  picture, settled, WIDE,
} from "./browser.mjs";
import { Server } from "./server.mjs";

const CUSTOMERS = 1000;
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
  await on.goto(`${server.url}/analyze/attribution`);
  await on.locator("main h1").first().waitFor();
  await settled(on);
}

test("a store without a run offers to make one", async () => {
  await go();
  await page.getByText("Nothing was attributed yet").waitFor();
  await checkAccessible(page, "attribution, empty");
  await page.getByRole("button", { name: "Attribute now" }).click();
  await page.getByText("How much the answer depends on the rule").waitFor({ timeout: JOB_MS });
  await settled(page);
});

test("the picture is told in words, the rules stand side by side, credit is not effect", async () => {
  await go();
  const pictures = page.locator("main [role=img][aria-label]");
  await pictures.nth(2).waitFor();
  assert.match(await pictures.first().getAttribute("aria-label"), /of the credit/);
  await page.getByText("Credit is not effect").waitFor();
  await page.getByRole("columnheader", { name: "Markov", exact: true }).first().waitFor();
  await page.getByLabel("Credit by rule").and(page.locator("select")).selectOption("campaign_values");
  await page.getByRole("cell", { name: "(no campaign)" }).waitFor();
  await checkAccessible(page, "attribution");
  await checkFits(page, "attribution");
  await checkQuiet(page, "attribution");
  await go();
  await picture(page, "attribution-1280-light");
});

test("stated costs become returns", async () => {
  await go();
  await page.getByRole("textbox", { name: "paid search" }).fill("1000");
  await page.getByRole("button", { name: "Attribute again" }).click();
  await page.getByText(/“paid search” is credited with|Whether “paid search” is worth its cost/)
    .waitFor({ timeout: JOB_MS });
});

test("the page is usable on a phone and in the dark", async () => {
  const state = await page.context().storageState();

  for (const [name, size, scheme] of [["390-light", NARROW, "light"], ["1280-dark", WIDE, "dark"]]) {
    const other = await open(browser, { size, scheme, state });
    await go(other);
    await checkFits(other, name);
    await checkAccessible(other, `attribution ${name}`);
    await picture(other, `attribution-${name}`);
    await other.context().close();
  }
});
