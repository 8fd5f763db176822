// SPDX-License-Identifier: Apache-2.0
// RFM by fifths and by limits of the house, on the sample company.
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, picture,
  settled,
} from "./browser.mjs";
import { Server } from "./server.mjs";

const RFM = "/analyze/reports/rfm";
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

async function go(address, on = page) {
  await on.goto(`${server.url}${address}`);
  await on.locator("main h1").first().waitFor();
  await settled(on);
}

test("limits of the house take the place of fifths, and go again", async () => {
  await go(RFM);
  await page.getByText("A fifth of the customers has each score. Choose").waitFor();
  await page.getByLabel(/^Days since the last purchase/).fill("30, 90, 180, 365");
  await page.getByRole("button", { name: "Score by these limits" }).click();
  await page.getByText("Scores are by the limits below").waitFor();
  await page.waitForURL(/recency-edges=30/);
  await page.getByRole("link", { name: /^Make a segment of/ }).first().waitFor({ state: "hidden" });
  await checkAccessible(page, "rfm by limits");
  await checkFits(page, "rfm by limits");
  await checkQuiet(page, "rfm by limits");
  await page.getByRole("button", { name: "Back to fifths" }).click();
  await page.getByText("A fifth of the customers has each score. Choose").waitFor();
});

test("limits that do not rise are told as such, and the page fits a phone", async () => {
  await go(`${RFM}?recency-edges=90,30,180,365`);
  await page.getByText(/ascend|rising|recency/i).first().waitFor();
  const other = await open(browser, { size: NARROW, scheme: "dark",
                                      state: await page.context().storageState() });
  await go(`${RFM}?recency-edges=30,90,180,365`, other);
  await checkFits(other, "rfm by limits, 390");
  await other.getByText("Limits instead of fifths").scrollIntoViewIfNeeded();
  await picture(other, "rfm-limits-390-dark");
  await other.context().close();
});
