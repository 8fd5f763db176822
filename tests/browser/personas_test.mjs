// SPDX-License-Identifier: Apache-2.0
// Personas from the empty page to a name that stays, on the sample company.
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
  await on.goto(`${server.url}/analyze/personas`);
  await on.locator("main h1").first().waitFor();
  await settled(on);
}

test("a store without personas offers to find some", async () => {
  await go();
  await page.getByText("Nobody was grouped yet").waitFor();
  await checkAccessible(page, "personas, empty");
  await page.getByRole("button", { name: "Find personas" }).click();
  await page.getByRole("article").first().waitFor({ timeout: JOB_MS });
  await settled(page);
});

test("the cards come with pictures that are told in words", async () => {
  await go();
  await page.getByRole("article").nth(1).waitFor();
  await page.locator("main [role=img][aria-label]").nth(1).waitFor();
  await checkAccessible(page, "personas");
  await checkFits(page, "personas");
  await checkQuiet(page, "personas");
  await picture(page, "personas-1280-light");
});

test("a name that was given stays", async () => {
  await go();
  await page.getByRole("article").first().getByRole("button", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: /^Name of persona/ }).fill("Friends of the house");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("article", { name: "Friends of the house" }).waitFor();
  await page.getByRole("button", { name: "Find again" }).click();
  await settled(page);
  await go();
  await page.getByRole("article", { name: "Friends of the house" }).waitFor();
});

test("a segment asks for a persona by its name", async () => {
  await page.goto(`${server.url}/analyze/segments/new?definition=${encodeURIComponent(
    '{"attribute": "persona", "operator": "is", "value": 1}')}`);
  await page.locator("main h1").first().waitFor();
  await page.locator("main select[aria-label=Value] option").nth(2).waitFor({ state: "attached" });
  const chosen = page.locator("main select[aria-label=Value] option:checked");
  assert.doesNotMatch(await chosen.innerText(), /^\d*$/);
  await picture(page, "segment-of-persona");
});

test("the page is usable on a phone and in the dark", async () => {
  const state = await page.context().storageState();

  for (const [name, size, scheme] of [["390-light", NARROW, "light"], ["1280-dark", WIDE, "dark"]]) {
    const other = await open(browser, { size, scheme, state });
    await go(other);
    await checkFits(other, name);
    await checkAccessible(other, `personas ${name}`);
    await picture(other, `personas-${name}`);
    await other.context().close();
  }
});
