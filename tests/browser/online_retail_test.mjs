// SPDX-License-Identifier: Apache-2.0
// The main job in the browser, on the receipts of a real shop: sign in by the one-time link, try an
// import and do it, watch it, read what was not taken, find a customer, read the reports, name a
// group and take it away, and find all of it in the audit log. Numbers are those of the file.
//
// References: 25,900 documents, 4,372 customers, 9,747,747.934 in all, revenue by month, are sums
// over the file; what is said of RFM and cohorts is known of its lines with a customer, a quantity
// and a price above zero (397,884 lines, 4,338 customers).
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, JOB_MS, launch, NARROW, open,
  picture, settled,
} from "./browser.mjs";
import { root, Server } from "./server.mjs";

const source = join(root, "../shared/data/onlineretail.csv.gz");
const isThere = existsSync(source);
const ROWS = 541_909;
const SPENT_AT_LEAST = 1000;
const cleaned = "period=all&filter=customer%3Dknown&filter=quantity%3E0&filter=unit_price%3E0";
let server, browser, page, rows;

// One line that says no day, so that something waits in quarantine.
function fileWithOneBadLine() {
  const path = join(server.folder, "onlineretail.csv.gz");
  const lines = gunzipSync(readFileSync(source)).toString("latin1").trimEnd();

  rows = lines.split("\n").slice(1).map((line) => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)
    .map((cell) => cell.replace(/,$/, "").replace(/^"|"$/g, "")));
  writeFileSync(path, gzipSync(Buffer.from(
    `${lines}\n"999999","22423","REGENCY CAKESTAND",1,yesterday,12.75,12347,"Iceland"\n`,
    "latin1")));
  return path;
}

// Who spent so much, refunds deducted: counted from the file, in thousandths.
function bigSpenders() {
  const spent = new Map();

  for (const [, , , quantity, , price, customer] of rows)
    if (customer)
      spent.set(customer, (spent.get(customer) ?? 0) +
        Number(quantity) * Math.round(Number(price) * 1000));
  return [...spent.values()].filter((amount) => amount >= SPENT_AT_LEAST * 1000).length;
}

async function go(address) {
  await page.goto(server.url + address);
  await page.locator("main h1").first().waitFor();
  await settled(page);
}

async function shows(...texts) {
  for (const text of texts)
    await page.locator("main").getByText(text, { exact: false }).first().waitFor();
}

// A row of the page's tables that begins with a text.
function row(text) {
  return page.getByRole("row").filter({ hasText: text }).first();
}

before(async () => {
  if (!isThere) return;
  server = await new Server().start();
  browser = await launch();
  page = await open(browser);
  page.setDefaultTimeout(60_000);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// Where everything is checked the file must be there; elsewhere its tests are left out.
const step = (name, run) =>
  test(name, { skip: !isThere && !process.env.CI }, () => {
    assert.ok(isThere, `${source} must be there`);
    return run();
  });

step("the first administrator signs in by the one-time link and is offered a beginning", async () => {
  await becomeAdministrator(page, await server.firstLink());
  await settled(page);
  await checkAccessible(page, "an empty store");
  await picture(page, "retail-empty");
});

step("a dry run tells what the file would bring and keeps nothing", async () => {
  await go("/plug/imports/new");
  await page.locator("input[type=file]").setInputFiles(fileWithOneBadLine());
  await page.getByRole("button", { name: "Look at the columns" }).click();
  await shows("The first rows as they would arrive");
  await settled(page);
  await checkAccessible(page, "the columns of a file");
  await picture(page, "retail-columns");
  await page.getByRole("button", { name: "Next: try it" }).click();
  await page.getByRole("button", { name: "Dry run", exact: true }).click();
  await page.getByText("What would happen").waitFor({ timeout: JOB_MS });
  await shows("25,900", "4,372");
  await settled(page);
  await picture(page, "retail-tried");
  assert.match(server.command("metric", "receipts", "--format", "csv"), /\r\n(0|)\r\n/);
});

step("the import is watched, left and found again", async () => {
  await page.getByRole("button", { name: /^Import (now|541,9)/ }).click();
  await page.waitForURL(/job=|imports\/\d+/);
  await picture(page, "retail-running");
  const address = page.url();
  await go("/customers");
  await page.goto(address);
  await page.waitForURL(/\/plug\/imports\/\d+/, { timeout: JOB_MS });
  await shows("25,900");
});

step("what was not taken is read with its reason", async () => {
  await go("/plug/imports");
  await page.getByRole("link", { name: /onlineretail/ }).first().click();
  await page.waitForURL(/\/plug\/imports\/\d+/);
  await shows((ROWS + 1).toLocaleString("en"), "yesterday");
  await settled(page);
  await checkAccessible(page, "an import");
  await picture(page, "retail-import");
});

step("a customer is found by number and shows what they bought", async () => {
  await go("/customers");
  await page.locator("main").getByRole("searchbox").fill("12347");
  await page.getByRole("link", { name: /12347/ }).first().click();
  await page.waitForURL(/\/customers\/\d+/);
  await shows("4,310.00");
  await settled(page);
  await checkAccessible(page, "a customer");
  await picture(page, "retail-customer");
});

step("the sales report adds up to the file", async () => {
  await go("/analyze/reports/sales?period=all&by=month");
  await shows("748,957.02", "1,461,756.25", "433,668.01", "9,747,747.93", "25,900");
  await checkAccessible(page, "the sales report");
  await picture(page, "retail-sales");
});

step("the VAT report says that the file states none, and still adds up", async () => {
  await go("/analyze/reports/vat?period=all");
  await shows("No VAT is stated", "9,747,747.93");
  await picture(page, "retail-vat");
});

step("RFM of the cleaned lines is as published", async () => {
  await go(`/analyze/reports/rfm?${cleaned}`);
  await shows("4,338");
  await picture(page, "retail-rfm");
});

step("a segment of an RFM group is as large as the group", async () => {
  await page.getByRole("button", { name: "Show the customers of Champions" }).click();
  const told = await row("Champions").getByRole("cell").nth(1).innerText();
  await page.getByRole("link", { name: "Make a segment of Champions" }).first().click();
  await page.getByTestId("segment-count").filter({ hasText: new RegExp(`^${told}$`) }).waitFor();
  assert.equal(
    await page.getByRole("combobox", { name: "What is compared" }).inputValue(), "RFM group");
  await settled(page);
  await checkAccessible(page, "a segment of a group");
  await picture(page, "retail-rfm-segment");
});

step("cohorts of the cleaned lines are as published", async () => {
  await go(`/analyze/reports/cohorts?unit=customers&${cleaned}`);
  for (const [month, counts] of [
    ["Dec 2010", [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235]],
    ["Nov 2011", [323, 36]],
  ]) {
    const cells = (await row(month).getByRole("cell").allInnerTexts()).join(" ");
    for (const count of counts) assert.ok(cells.includes(String(count)), `${month}: ${cells}`);
  }
  await picture(page, "retail-cohorts");
});

let members;
step("a group is built with a live count that the file confirms, and kept", async () => {
  await go("/analyze/segments/new");
  await page.getByLabel(/^Name/).fill("big spenders");
  await page.getByLabel("When it counts").selectOption("ever");
  await page.getByLabel("Value", { exact: true }).fill(String(SPENT_AT_LEAST));
  const expected = bigSpenders().toLocaleString("en");
  await page.getByTestId("segment-count").filter({ hasText: expected }).waitFor();
  members = bigSpenders();
  await settled(page);
  await checkAccessible(page, "the builder");
  await picture(page, "retail-builder");
  await page.getByRole("button", { name: "Create the segment" }).click();
  await page.waitForURL(/\/analyze\/segments\/big%20spenders/);
});

step("the group is exported and the file holds its customers", async () => {
  await settled(page);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const fetched = page.waitForEvent("download");
  await page.getByRole("button", { name: "Make the file" }).click();
  const lines = readFileSync(await (await fetched).path(), "utf8").trimEnd().split("\r\n");
  assert.equal(lines.length - 1, members);
});

step("all of it stands in the audit log", async () => {
  await go("/govern/audit");
  const log = JSON.parse(server.command("audit", "list", "--limit", "100", "--format", "json"));
  const actions = JSON.stringify(log);
  for (const action of ["import.start", "segment.create", "segment.export", "export.fetch"])
    assert.ok(actions.includes(action), `${action} is not in the audit log`);
  await checkAccessible(page, "the audit log");
  await picture(page, "retail-audit");
});

step("the same can be read on a telephone, in the dark", async () => {
  const state = await page.context().storageState();
  checkQuiet(page, "the main job");
  await page.context().close();
  page = await open(browser, { size: NARROW, scheme: "dark", state });
  for (const address of ["/", "/customers?q=12347", "/analyze/reports/sales?period=all"]) {
    await go(address);
    await checkFits(page, address);
    await checkAccessible(page, address);
    await picture(page, `retail-390-dark${address.replace(/\W+/g, "-")}`);
  }
  checkQuiet(page, "the main job on a telephone");
});
