// SPDX-License-Identifier: Apache-2.0
// Customers on the sample company: the list restricted by filters, and what is done with one
// customer: identifiers shown in full, two joined and parted again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, picture,
  settled,
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

async function go(address) {
  await page.goto(server.url + address);
  await page.locator("main h1").first().waitFor();
  await settled(page);
}

function countOf(tree) {
  const words = ["segment", "count", "--definition", JSON.stringify(tree), "--format", "json"];
  return JSON.parse(server.command(...words)).count;
}

// The number that the list tells of its filters.
async function told() {
  await settled(page);
  const text = await page.getByTestId("filtered-count").innerText();
  return Number(text.replace(/\D/g, ""));
}

// What is typed and ticked is asked with once that pauses.
async function paused() {
  await page.waitForTimeout(700);
  await settled(page);
}

async function filter(name) {
  await page.getByRole("group", { name: "Filters" })
    .getByRole("button", { name: new RegExp(`^${name}`) }).click();
}

test("the list is restricted by filters, and counted", async () => {
  await go("/customers");
  await filter("Last purchase");
  await page.getByRole("radio", { name: "in the last 90 days" }).check();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByTestId("filtered-count").waitFor();
  const lately = { sales: "days_since_last", operator: "<", value: 90 };
  assert.equal(await told(), countOf(lately));

  await filter("Spent");
  await page.getByLabel("At least").fill("200");
  await page.keyboard.press("Escape");
  await page.waitForURL(/spent-from=200/);
  await paused();
  const spent = { sales: "sum_gross", operator: ">=", value: 200 };
  assert.equal(await told(), countOf({ all: [lately, spent] }));

  await filter("Consent");
  await page.getByRole("combobox", { name: "Consent" }).selectOption({ index: 1 });
  await paused();
  await checkAccessible(page, "an open filter");
  await picture(page, "customers-filter-1280-light");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Clear all" }).click();
  await page.getByText("The newest customers").waitFor();
  assert.ok(!page.url().includes("spent-from"));
});

test("every page of a filtered list is reached, each customer once", async () => {
  await go("/customers?spent-from=100");
  const expected = countOf({ sales: "sum_gross", operator: ">=", value: 100 });
  assert.ok(expected > 30);
  const more = page.getByRole("button", { name: /more/i });
  while (await more.count() > 0) {
    await more.first().click();
    await settled(page);
  }
  await page.getByText(new RegExp(`^${expected} rows`)).waitFor();
});

test("filters and words hold together", async () => {
  await go("/customers");
  const name = (await page.getByRole("row").nth(1).getByRole("link").first().innerText());
  const family = name.split(" ").at(-1);
  await go(`/customers?q=${encodeURIComponent(family)}&bought=never`);
  for (const cell of await page.locator("tbody tr").all())
    assert.match(await cell.innerText(), new RegExp(family, "i"));
  await go(`/customers?q=${encodeURIComponent(family)}&spent-from=99999999`);
  await page.getByText("No customer meets all of this").waitFor();
});

test("the filters become a segment", async () => {
  await go("/customers?bought=in365&has=email");
  const count = await told();
  await page.getByRole("link", { name: "Make a segment of these" }).click();
  await page.getByTestId("segment-count").filter({ hasText: String(count) }).waitFor();
});

test("filters fit a telephone", async () => {
  const narrow = await open(browser, {
    size: NARROW, scheme: "dark", state: await page.context().storageState(),
  });
  await narrow.goto(`${server.url}/customers?bought=in365&has=email&spent-from=10`);
  await narrow.getByTestId("filtered-count").waitFor();
  await settled(narrow);
  await checkFits(narrow, "filtered customers");
  await checkAccessible(narrow, "filtered customers");
  await picture(narrow, "customers-filtered-390-dark");
  checkQuiet(narrow, "filtered customers");
  await narrow.context().close();
});
