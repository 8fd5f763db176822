// SPDX-License-Identifier: Apache-2.0
// Forecasts from the empty page to the parts, on the sample company.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, JOB_MS, launch, NARROW, open,
  picture, settled,
} from "./browser.mjs";
import { Server } from "./server.mjs";

let server, browser, page;

before(async () => {
  server = new Server();
  server.command("sample", "--customers", "300");
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
  await on.goto(`${server.url}/analyze/forecast`);
  await on.locator("main h1").first().waitFor();
  await settled(on);
}

const told = () => JSON.parse(server.command("analyze", "forecast", "--format", "json"));

test("a store without a forecast offers to make one", async () => {
  await go();
  await checkAccessible(page, "forecast, empty");
  await page.locator("main form button[type=submit], main button").filter({ hasText: /forecast/i })
    .first().click();
  await page.locator("main [role=img][aria-label]").first().waitFor({ timeout: JOB_MS });
  await settled(page);
});

test("the picture is told in words, and the page fits", async () => {
  await go();
  const label = await page.locator("main [role=img][aria-label]").first()
    .getAttribute("aria-label");
  assert.match(label, /\d/);
  await checkAccessible(page, "forecast");
  await checkFits(page, "forecast");
  await checkQuiet(page, "forecast");
  await picture(page, "forecast-1280-light");
});

test("what is ahead is what the command line tells", async () => {
  const answer = told();
  const result = answer.result ?? answer;
  const { ahead } = result;
  const first = ahead.rows[0];

  await go();
  await page.getByRole("button", { name: "Show the numbers" }).first().click();
  const row = page.locator("main table").first().locator("tbody tr").first();
  const shown = (await row.locator("td").allInnerTexts()).join(" ").replaceAll(",", "");
  const forecast = first[ahead.columns.findIndex(({ name }) => name === "forecast")];
  assert.ok(shown.includes(forecast.toFixed(2)) || shown.includes(String(Math.round(forecast))),
            `${shown} does not tell ${forecast}`);
});

test("it is as whole on a telephone, in the dark", async () => {
  const state = await page.context().storageState();
  const narrow = await open(browser, { size: NARROW, scheme: "dark", state });

  await go(narrow);
  await narrow.locator("main [role=img][aria-label]").first().waitFor();
  await checkFits(narrow, "forecast, narrow");
  await picture(narrow, "forecast-390-dark");
  await narrow.context().close();
});
