// SPDX-License-Identifier: Apache-2.0
// Experiments on the sample company: segments beside each other, the comparison kept, and told again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, picture,
  settled, WIDE,
} from "./browser.mjs";
import { Server } from "./server.mjs";

const COMPARED = "/analyze/experiments?tab=compare&segment=others&segment=regulars";
const KEPT = "/analyze/experiments?tab=kept";
let server, browser, page;

before(async () => {
  server = new Server();
  server.command("sample", "--customers", "400");
  server.command("segment", "create", "regulars", "--definition",
                 '{"sales": "count", "window": {"days": 365}, "operator": ">=", "value": 3}');
  server.command("segment", "create", "others", "--definition",
                 '{"not": {"segment": "regulars", "operator": "in"}}');
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

test("a comparison that is kept is told again", async () => {
  await go(KEPT);
  await page.getByText("No comparison was kept yet").waitFor();
  await go(COMPARED);
  await page.getByRole("button", { name: "Keep this comparison" }).click();
  await page.getByRole("button", { name: "Kept", exact: true }).waitFor();
  const said = await page.locator("main li").allInnerTexts();
  await go(KEPT);
  await page.getByText("others, regulars").first().waitFor();
  await page.getByText(/^Of .*, kept/).waitFor();
  await settled(page);
  assert.deepEqual(await page.locator("main li").allInnerTexts(), said);
});

test("the pages are usable at both widths, in light and dark", async () => {
  const state = await page.context().storageState();

  for (const [name, size, scheme] of [["1280-light", WIDE, "light"], ["390-light", NARROW, "light"],
                                      ["1280-dark", WIDE, "dark"], ["390-dark", NARROW, "dark"]])
    for (const [noun, address] of [["experiments", COMPARED], ["experiments-kept", KEPT]]) {
      const other = await open(browser, { size, scheme, state });
      await go(address, other);
      await checkFits(other, `${noun} ${name}`);
      await checkAccessible(other, `${noun} ${name}`);
      await checkQuiet(other, `${noun} ${name}`);
      await picture(other, `${noun}-${name}`);
      await other.context().close();
    }
});
