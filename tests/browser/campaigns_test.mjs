// SPDX-License-Identifier: Apache-2.0
// A campaign from the composer to its results: counted before it is saved, submitted, approved and
// sent by the server; a test that was sent elsewhere shows its arms.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, JOB_MS, launch, NARROW, open,
  picture, settled, WIDE,
} from "./browser.mjs";
import { Server } from "./server.mjs";

let server, browser, state;

function elsewhere() {
  const path = join(server.folder, "elsewhere.csv");
  const rows = Array.from({ length: 900 }, (_, row) =>
    [["none", "A", "B"][row % 3], row % 7 < row % 3 + 1 ? 1 : 0, row % 7 === 0 ? 10 + row % 50 : 0]);

  writeFileSync(path, ["arm,bought,spent", ...rows.map((row) => row.join())].join("\n"));
  return path;
}

before(async () => {
  server = new Server();
  server.command("sample", "--customers", "300");
  server.command("segment", "create", "regulars", "--definition",
                 '{"sales": "count", "window": {"days": 365}, "operator": ">=", "value": 2}');
  server.command("segment", "refresh", "regulars");
  server.command("campaign", "import", "elsewhere", elsewhere(), "--purpose", "offers",
                 "--channel", "file", "--arm", "arm", "--control", "none",
                 "--outcomes", "bought,spent");
  await server.start();
  browser = await launch();
  const page = await open(browser);
  await becomeAdministrator(page, await server.firstLink());
  state = await page.context().storageState();
  await page.context().close();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function compose(page) {
  await page.goto(`${server.url}/push/campaigns/new`);
  await page.getByLabel("Name").fill("spring");
  await page.getByLabel("Segment").selectOption("regulars");
  await page.getByLabel("Purpose").selectOption("newsletter");
  await page.getByLabel("Channel").selectOption("file");
  await page.getByLabel("Held out").fill("10");
  await page.getByLabel("Subject").fill("Hello {{ customer.given_name | default: 'you' }}");
  await page.getByLabel("Text", { exact: true }).fill("Spring is here.");
  await page.getByText("May be written to").first().waitFor();
}

test("a campaign is composed, approved and sent, and shows what it changed", async () => {
  const page = await open(browser, { size: WIDE, state });

  await compose(page);
  await page.getByRole("button", { name: "Another content, to test" }).click();
  await page.getByText("customers for each content").waitFor();
  await page.getByRole("button", { name: "Preview of A" }).click();
  await page.getByText("Spring is here.").nth(1).waitFor();
  await settled(page);
  await picture(page, "campaign-composer-1280-light");
  await checkAccessible(page, "composer");
  await checkFits(page, "composer");
  await page.getByRole("button", { name: "Remove B" }).click();
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByRole("button", { name: "Submit for approval" }).click();
  await page.getByRole("button", { name: "Approve and send" }).click();
  await page.getByText("Finished", { exact: true }).first().waitFor({ timeout: JOB_MS });
  await page.getByText("What it changed").waitFor();
  await settled(page);
  await picture(page, "campaign-results-1280-light");
  await checkAccessible(page, "results");
  const fetched = page.waitForEvent("download");
  await page.getByRole("link", { name: /^Fetch / }).click();
  assert.match(readFileSync(await (await fetched).path(), "utf8"), /"text":"Spring is here\./);
  assert.ok((await page.getByText("Held out", { exact: true }).count()) > 0);
  checkQuiet(page, "campaign");
  await page.context().close();
});

test("a text message says how many parts it takes while it is written", async () => {
  const page = await open(browser, { size: NARROW, scheme: "dark", state });

  await page.goto(`${server.url}/push/campaigns/new`);
  await page.getByLabel("Channel").selectOption("sms");
  await page.getByLabel("Text", { exact: true }).fill("It’s 20 % off today");
  await page.getByText("1 part, 19 characters, 51 left").scrollIntoViewIfNeeded();
  await page.getByText("“’” is not in the GSM alphabet").waitFor();
  await settled(page);
  await picture(page, "campaign-sms-390-dark");
  await checkAccessible(page, "text message");
  await checkFits(page, "text message");
  await page.context().close();
});

for (const look of [{ name: "390-dark", size: NARROW, scheme: "dark" },
                    { name: "1280-dark", size: WIDE, scheme: "dark" }])
  test(`what was sent elsewhere and the calendar are whole at ${look.name}`, async () => {
    const page = await open(browser, { ...look, state });

    for (const [address, name] of [
      ["/push/campaigns/elsewhere", "imported"], ["/push/campaigns?tab=calendar", "calendar"],
      ["/push/campaigns", "list"], ["/push/campaigns/new", "new"],
    ]) {
      await page.goto(server.url + address);
      await page.locator("main h1").first().waitFor();
      await settled(page);
      await picture(page, `campaign-${name}-${look.name}`);
      await checkAccessible(page, name);
      await checkFits(page, name);
      checkQuiet(page, name);
    }
    await page.context().close();
  });
