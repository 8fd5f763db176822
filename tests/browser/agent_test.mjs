// SPDX-License-Identifier: Apache-2.0
// An agent, who may read customers but no report and no setting, of a business far from UTC and
// the euro: times, days and amounts are written as everybody else sees them.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  checkAccessible, checkQuiet, launch, open, PASSWORD, picture, settled,
} from "./browser.mjs";
import { Server } from "./server.mjs";

const RECEIPTS = `receipt_number,sold_at,customer_number,product_code,quantity,line_total
7001,2024-03-02 05:30:00,1,TEA,1,1200
7002,2024-03-09 23:10:00,1,TEA,2,2400
`;
let server, browser, page;

before(async () => {
  server = new Server();
  server.command("setting", "set", "zone", "Asia/Tokyo");
  server.command("setting", "set", "currency", "JPY");
  const path = join(server.folder, "receipts.csv");
  writeFileSync(path, RECEIPTS);
  server.command("import", path, "--as", "sales", "--yes");
  const told = server.command("account", "add", "kei", "--role", "agent", "--format", "json");
  const [, token] = /\/welcome#([\w-]+)/.exec(told);
  await server.start();
  browser = await launch();
  page = await open(browser);
  await page.goto(`${server.url}/welcome#${token}`);
  await page.getByLabel(/^New password/).fill(PASSWORD);
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByRole("navigation").first().waitFor();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the session tells an agent how values are shown; the settings stay closed", async () => {
  const answer = await page.request.get(`${server.url}/api/v1/session`);
  const { account, business } = await answer.json();
  assert.equal(account.role, "agent");
  assert.deepEqual(business, { zone: "Asia/Tokyo", currency: "JPY" });
  assert.equal((await page.request.get(`${server.url}/api/v1/settings`)).status(), 403);
});

test("an agent reads times, days and amounts of the business", async () => {
  await page.goto(`${server.url}/customers`);
  await page.locator("tbody tr").first().getByRole("link").first().click();
  await page.waitForURL(/\/customers\/\d+/);
  await settled(page);
  const main = page.locator("main");
  await main.getByText("2 Mar 2024, 05:30").first().waitFor();
  await main.getByText("9 Mar 2024, 23:10").first().waitFor();
  await main.getByText(/first.* 2 Mar 2024/i).first().waitFor(); // in UTC it was the day before
  await main.getByText(/JP¥3,600/).first().waitFor();
  assert.doesNotMatch(await main.innerText(), /€|1 Mar 2024/);
  await picture(page, "agent-customer-1280-light");
  await checkAccessible(page, "a customer, to an agent");
});

test("everybody finds the licences of what the app contains", async () => {
  await page.getByRole("button", { name: "Your account" }).click();
  const opened = page.waitForEvent("popup");
  await page.getByRole("menuitem", { name: "Open source licences" }).click();
  const notice = await opened;
  await notice.waitForURL(/\/third-party\.txt$/);
  const text = await notice.locator("body").innerText();
  assert.match(text, /react-dom[\s\S]*Permission is hereby granted/);
  checkQuiet(page, "the agent's pages");
});
