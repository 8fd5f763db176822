// SPDX-License-Identifier: Apache-2.0
// Uplift from the empty page over the question to what it says, on the sample company; the segments
// are not divided by chance, which the page cannot know.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, JOB_MS, launch, NARROW, open,
  picture, settled, WIDE,
} from "./browser.mjs";
import { Server } from "./server.mjs";

const UPLIFT = "/analyze/uplift";
let server, browser, page;

before(async () => {
  server = new Server();
  server.command("sample", "--customers", "1000");
  server.command("segment", "create", "mailed", "--definition",
                 '{"sales": "count", "window": {"days": 365}, "operator": ">=", "value": 4}');
  server.command("segment", "create", "held out", "--definition",
                 '{"not": {"segment": "mailed", "operator": "in"}}');
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
  await on.goto(`${server.url}${UPLIFT}`);
  await on.locator("main h1").first().waitFor();
  await settled(on);
}

test("a store without a test asks which one, and answers", async () => {
  await go();
  await page.getByText("No test was looked into yet").waitFor();
  await checkAccessible(page, "uplift, empty");
  await page.getByLabel("Treated").selectOption("mailed");
  await page.getByLabel("Left alone").selectOption("held out");
  await page.getByLabel("First day of the test").fill(
    new Date(Date.now() - 60 * 86_400_000).toISOString().slice(0, 10));
  await page.getByRole("button", { name: "Find out" }).click();
  await page.getByText("What it says").first().waitFor({ timeout: JOB_MS });
  await settled(page);
});

test("the pictures stand beside their numbers and are told in words", async () => {
  await go();
  const pictures = page.locator("main [role=img][aria-label]");
  await pictures.nth(1).waitFor();
  assert.match(await pictures.first().getAttribute("aria-label"), /choosing them by lot/);
  await checkAccessible(page, "uplift");
  await checkFits(page, "uplift");
  await checkQuiet(page, "uplift");
  await picture(page, "uplift-1280-light");
  await page.getByRole("button", { name: "Show the numbers" }).first().click();
  await page.getByText("Gained, from").first().waitFor();
});

test("the page is usable on a phone and in the dark", async () => {
  const state = await page.context().storageState();

  for (const [name, size, scheme] of [["390-light", NARROW, "light"], ["1280-dark", WIDE, "dark"]]) {
    const other = await open(browser, { size, scheme, state });
    await go(other);
    await checkFits(other, `uplift ${name}`);
    await checkAccessible(other, `uplift ${name}`);
    await picture(other, `uplift-${name}`);
    await other.context().close();
  }
});
