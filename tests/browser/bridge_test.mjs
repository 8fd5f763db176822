// SPDX-License-Identifier: Apache-2.0
// Why revenue changed, in the browser: three pictures of the same change.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, picture,
  settled,
} from "./browser.mjs";
import { Server } from "./server.mjs";

const period = "from=2025-01-01&to=2025-12-31";
let server, browser, page;

before(async () => {
  server = new Server();
  server.command("sample", "--customers", "300", "--last-day", "2025-12-31");
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
  await on.goto(`${server.url}/analyze/reports/change?${address}`);
  await on.locator("main h1").first().waitFor();
  await settled(on);
}

const number = (text) => Number(text.replaceAll(/[^\d.−-]/g, "").replace("−", "-"));

test("every way of telling it adds up to the same change", async () => {
  await go(period);
  const change = server.column("revenue_gross", "metric", "revenue_gross", "--from", "2025-01-01",
                               "--to", "2025-12-31")[0]
    - server.column("revenue_gross", "metric", "revenue_gross", "--from", "2024-01-01", "--to",
                    "2024-12-31")[0];
  for (const title of ["By receipts", "By articles", "By customers"]) {
    const panel = page.locator("section").filter({ hasText: title });

    await panel.getByRole("button", { name: "Show the numbers" }).click();
    const amounts = await panel.locator("tbody tr td:last-child").allInnerTexts();
    const sum = amounts.map(number).reduce((total, amount) => total + amount, 0);
    assert.ok(Math.abs(sum - change) < 0.005, `${title}: ${sum} instead of ${change}`);
  }
  await checkAccessible(page, "bridge, numbers");
});

test("the pictures are told in words, and fit", async () => {
  await go(period);
  const pictures = page.locator("main [role=img][aria-label]");
  await pictures.nth(2).waitFor();
  for (let i = 0; i < 3; i++)
    assert.match(await pictures.nth(i).getAttribute("aria-label"), /The greatest part: /);
  await checkAccessible(page, "bridge");
  await checkFits(page, "bridge");
  await checkQuiet(page, "bridge");
  await picture(page, "bridge-1280-light");
});

test("a period without receipts says so", async () => {
  await go("from=2001-01-01&to=2001-12-31");
  await page.getByText("Nothing in this selection").waitFor();
});

test("it is as whole on a telephone, in the dark", async () => {
  const state = await page.context().storageState();
  const narrow = await open(browser, { size: NARROW, scheme: "dark", state });

  await go(`${period}&compare=previous`, narrow);
  await narrow.locator("main [role=img][aria-label]").nth(2).waitFor();
  await checkFits(narrow, "bridge, narrow");
  await picture(narrow, "bridge-390-dark");
  await narrow.context().close();
});
