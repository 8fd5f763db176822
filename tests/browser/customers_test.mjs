// SPDX-License-Identifier: Apache-2.0
// Customers on the sample company: the list restricted by filters, and what is done with one
// customer: identifiers shown in full, two joined and parted again.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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

// It is counted a moment after what was typed: the number is waited for.
async function tells(count) {
  await page.waitForFunction((expected) =>
    document.querySelector("[data-testid=filtered-count]")?.textContent.replace(/\D/g, "")
      === expected, String(count));
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
  await tells(countOf(lately));

  await filter("Spent");
  await page.getByLabel("At least").fill("200");
  await page.keyboard.press("Escape");
  await page.waitForURL(/spent-from=200/);
  const spent = { sales: "sum_gross", operator: ">=", value: 200 };
  await tells(countOf({ all: [lately, spent] }));

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

// The row of a customer's facts with this label.
function fact(label) {
  return page.locator("main").getByText(label, { exact: true }).locator("xpath=..");
}

// Customer numbers of the first page of the list.
async function numbers() {
  await go("/customers");
  const cells = await page.locator("tbody tr td:nth-child(2)").allInnerTexts();
  return cells.filter((each) => /\d/.test(each));
}

async function openCustomer(number) {
  await go(`/customers?q=${number}`);
  await page.getByRole("row").filter({ hasText: number }).getByRole("link").first().click();
  await page.waitForURL(/\/customers\/\d+/);
  await settled(page);
}

function audited(action) {
  const log = JSON.parse(server.command("audit", "list", "--limit", "50", "--format", "json"));
  return JSON.stringify(log).includes(action);
}

test("identifiers are masked until asked for, which is noted", async () => {
  await go("/customers?has=email");
  await page.getByRole("row").nth(1).getByRole("link").first().click();
  await page.waitForURL(/\/customers\/\d+/);
  await settled(page);
  assert.match(await fact("E-mail").innerText(), /[*…•]/);
  assert.ok(!audited("customer.reveal"));
  await page.getByRole("button", { name: "Show in full" }).click();
  await page.getByText("Shown in full; noted in the audit log").waitFor();
  await settled(page);
  assert.match(await fact("E-mail").innerText(), /\w+@[\w.-]+/);
  assert.ok(audited("customer.reveal"));
  await checkAccessible(page, "a customer shown in full");
  await picture(page, "customer-revealed-1280-light");
  await page.getByRole("button", { name: "Mask again" }).click();
  await settled(page);
  assert.match(await fact("E-mail").innerText(), /[*…•]/);
});

test("a customer's page names the segments it is in, and since when", async () => {
  server.command("segment", "create", "reachable", "--definition",
                 JSON.stringify({ attribute: "has_email", operator: "is", value: true }));
  server.command("segment", "refresh", "reachable");
  await go("/customers?has=email");
  await page.getByRole("row").nth(1).getByRole("link").first().click();
  await page.waitForURL(/\/customers\/\d+/);
  await page.getByRole("link", { name: "reachable" }).click();
  await page.waitForURL(/\/analyze\/segments\/reachable/);
  server.command("segment", "delete", "reachable");
});

test("two customers are joined, and parted again", async () => {
  const everybody = countOf({ all: [] });
  const [first, number] = await numbers();
  await openCustomer(first);

  await page.getByRole("button", { name: "Join with another customer" }).click();
  await page.getByRole("combobox", { name: "The other customer" }).fill(number);
  await page.getByRole("option", { name: new RegExp(number) }).click();
  await page.getByLabel("How do you know that they are one?").fill("said so at the till");
  await checkAccessible(page, "joining two customers");
  await picture(page, "customer-join-1280-light");
  await page.getByRole("button", { name: "Join the two" }).click();
  await page.getByText("Both are one customer now.").waitFor();
  await page.getByText(/said so at the till/).first().waitFor();
  await settled(page);
  assert.equal(countOf({ all: [] }), everybody - 1);
  await picture(page, "customer-joined-1280-light");

  const link = page.getByText(/said so at the till/).first().locator("xpath=../..");
  await link.getByRole("button", { name: "Undo" }).click();
  await checkAccessible(page, "undoing a link");
  await page.getByRole("dialog").getByRole("button", { name: "Undo the link" }).click();
  await page.getByText("They are two customers again.").waitFor();
  await settled(page);
  assert.equal(countOf({ all: [] }), everybody);
  await page.getByRole("button", { name: /undone link/ }).click();
  await page.getByText(/undone .* by admin/).waitFor();
});

test("a consent that is taken back shows at once on the customer's page", async () => {
  const [, , number] = await numbers();
  await openCustomer(number);
  const address = new URL(page.url()).pathname;
  for (const state of ["granted", "withdrawn"]) {
    const path = join(server.folder, `consents-${state}.csv`);
    const day = state === "granted" ? "2027-01-01" : "2027-01-02";
    writeFileSync(path, "customer_number,purpose,channel,state,at\n" +
      `${number},catalogue,letter,${state},${day}\n`);
    server.command("import", path, "--as", "consents", "--yes", "--source", "sample");
    await go(address);
    const told = page.getByText("catalogue · letter").first().locator("xpath=..");
    await told.getByText(new RegExp(state, "i")).waitFor();
  }
});

test("an export stands among the exports, and is fetched again", async () => {
  server.command("segment", "create", "everybody", "--definition", '{"all": []}');
  await go("/analyze/exports");
  await page.getByText("No exports yet").waitFor();
  await checkAccessible(page, "no exports");
  await go("/analyze/segments/everybody");
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const first = page.waitForEvent("download");
  await page.getByRole("button", { name: "Make the file" }).click();
  const made = readFileSync(await (await first).path(), "utf8");
  await go("/analyze/exports");
  await picture(page, "exports-1280-light");
  await checkAccessible(page, "exports");
  const again = page.waitForEvent("download");
  await page.getByRole("link", { name: /^Download/ }).click();
  assert.equal(readFileSync(await (await again).path(), "utf8"), made);
  assert.equal(made.trimEnd().split("\r\n").length - 1, countOf({ all: [] }));
  checkQuiet(page, "customers");
});
