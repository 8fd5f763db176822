// SPDX-License-Identifier: Apache-2.0
// The identity explorer on a few people: the picture and the lists of one customer, why a link is
// there, undoing it after a look at what that cuts off, what a join would do, what was kept apart.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, picture,
  settled,
} from "./browser.mjs";
import { Server } from "./server.mjs";

const FILES = {
  customers: `customer_number,email,phone,loyalty_card,name
17850,anna@example.org,+447911123456,600001,Anna Weber
17851,ben@example.org,+447911123456,600002,Ben Shaw
17852,carl@example.org,,,Carl Weber
`,
  events: `id,event,at,customer_number,email,cookie,pickup_code,click_token,channel
e1,mail_clicked,2024-03-01T09:59:00Z,,anna@example.org,v-1f00aa21,,m-9f31,email
e2,page_viewed,2024-03-01T10:00:00Z,,,v-1f00aa21,,,web
e3,order_completed,2024-03-01T10:05:00Z,17850,,v-1f00aa21,CC-771204,,web
`,
  sales: `receipt,sold_at,product,quantity,unit_price,currency,loyalty_card,pickup_code,store
R-1,2024-03-02T12:00:00Z,TEA,2,4.50,GBP,600001,CC-771204,Leeds
R-2,2024-03-09T12:00:00Z,CUP,1,7.25,GBP,600002,,Leeds
`,
  consents: `id,email,purpose,channel,state,at
c1,anna@example.org,newsletter,email,granted,2024-01-01T00:00:00Z
c2,ben@example.org,newsletter,email,withdrawn,2024-01-02T00:00:00Z
`,
};

let server, browser, page, anna;

function take(kind, text, name = kind) {
  const path = join(server.folder, `${name}.csv`);
  writeFileSync(path, text);
  server.command("import", path, "--as", kind, "--source", "shop", "--yes", "--quiet");
}

// Cards that all came with the shop's own telephone.
function sharedPhone() {
  const rows = Array.from({ length: 30 }, (_, place) => `70${1000 + place},+442071234567`);
  return `loyalty_card,phone\n${rows.join("\n")}\n`;
}

before(async () => {
  server = new Server();
  for (const [kind, text] of Object.entries(FILES)) take(kind, text);
  take("customers", sharedPhone(), "shared");
  anna = JSON.parse(server.command("customer", "show", "17850", "--format", "json")).id;
  await server.start();
  browser = await launch();
  page = await open(browser);
  await becomeAdministrator(page, await server.firstLink());
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function go(address, tab = page) {
  await tab.goto(server.url + address);
  await tab.locator("main h1").first().waitFor();
  await settled(tab);
}

async function goToGraph(tab = page) {
  await go(`/customers/${anna}/identity`, tab);
  await tab.locator(".react-flow__edge").first().waitFor({ state: "attached" });
}

function panel(title) {
  return page.getByRole("region", { name: title, exact: true });
}

test("the customer page leads to the graph", async () => {
  await go(`/customers/${anna}`);
  await page.getByRole("link", { name: "Identity", exact: true }).click();
  await page.getByRole("heading", { name: "Identity of Anna Weber" }).waitFor();
  await goToGraph();
  // Number, e-mail, telephone, card, browser, message, pick-up code.
  assert.equal(await page.locator(".react-flow__node").count(), 7);
  await page.getByText("7 identifiers, ").waitFor();
  await checkFits(page, "the graph");
  await checkAccessible(page, "the graph");
  await picture(page, "identity-1280-light");
  checkQuiet(page, "the graph");
});

test("a link says why it is there, by keyboard too", async () => {
  await goToGraph();
  const edge = page.locator(".react-flow__edge").first();
  await edge.focus();
  await page.keyboard.press("Enter");
  await page.getByTestId("link-facts").waitFor();
  assert.match(page.url(), /link=\d+/);
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await panel("Links").getByRole("button", { name: /Pick-up code/ }).first().click();
  const facts = page.getByTestId("link-facts");
  await facts.getByText("seen together").waitFor();
  await facts.getByText("shop", { exact: true }).waitFor();
  await facts.getByText(/events\.csv row 3|sales\.csv row 1/).waitFor();
  await checkAccessible(page, "why a link is there");
  await picture(page, "identity-link-1280-light");
});

test("what a join would do is shown before it is done", async () => {
  await go(`/customers/${anna}/identity`);
  await page.getByRole("button", { name: "Join with another customer" }).click();
  await page.getByRole("combobox", { name: "The other customer" }).fill("Ben Shaw");
  await page.getByRole("option", { name: /Ben Shaw/ }).click();
  const preview = page.getByTestId("join-preview");
  await preview.getByText("Withdrawn").first().waitFor();
  await preview.getByText(/£7\.25/).waitFor();
  await preview.getByText(/too many of one kind/).waitFor();
  const row = preview.getByRole("row", { name: /newsletter/ });
  assert.deepEqual(await row.getByRole("cell").allInnerTexts(),
                   ["newsletter · email", "Granted", "Withdrawn", "Withdrawn"]);
  await settled(page);
  await checkAccessible(page, "the preview of a join");
  await picture(page, "identity-join-1280-light");
  await page.keyboard.press("Escape");
});

test("an undo shows what it cuts off, and does that", async () => {
  await goToGraph();
  await panel("Links").getByRole("button", { name: /Number 17850 – .*Telephone/ }).click();
  await page.getByRole("button", { name: "Undo this link" }).click();
  const preview = page.getByTestId("undo-preview");
  await preview.getByText("It would make two customers again:").waitFor();
  await preview.getByText(/Telephone \+44…456/).waitFor();
  await checkAccessible(page, "the preview of an undo");
  await picture(page, "identity-undo-1280-light");
  await page.getByRole("button", { name: "Undo the link" }).click();
  await page.getByText("They are two customers again.").waitFor();
  await settled(page);
  await page.getByText("6 identifiers, ").waitFor();
  // The other end is still in the picture, as another customer's.
  assert.equal(await page.locator(".react-flow__node").count(), 7);
  await page.locator(".react-flow__node").getByText("Another customer now").waitFor();
});

test("the shared telephone was stopped; blocking it lets everybody go", async () => {
  await go("/identity/conflicts");
  const guards = panel("Stopped identifiers");
  await guards.getByText("Stopped", { exact: true }).waitFor();
  await checkAccessible(page, "what was kept apart");
  await picture(page, "identity-conflicts-1280-light");
  await guards.getByRole("button", { name: /^Block/ }).click();
  await page.getByLabel(/How do you know/).fill("the telephone of the shop");
  await page.getByRole("button", { name: "Block the identifier" }).click();
  await page.getByText(/Blocked; 5 links were undone/).waitFor();
  await settled(page);
  await guards.getByText("Blocked", { exact: true }).waitFor();
});

test("what was kept apart is decided once", async () => {
  await go("/identity/conflicts");
  const list = panel("Kept apart");
  await list.getByRole("button", { name: /^Decide/ }).first().click();
  await page.getByTestId("join-preview").waitFor();
  await page.getByLabel(/How do you know/).fill("they share a telephone, no more");
  await settled(page);
  await checkAccessible(page, "a decision");
  await page.getByRole("button", { name: "Keep apart" }).click();
  await page.getByText("Decided.").waitFor();
  await list.getByText("Decided", { exact: true }).click();
  await list.getByText(/Decision: kept apart/).first().waitFor();
});

test("the explorer is dark and fits a telephone", async () => {
  const narrow = await open(browser, {
    size: NARROW, scheme: "dark", state: await page.context().storageState(),
  });
  await goToGraph(narrow);
  await checkFits(narrow, "the graph on a telephone");
  await checkAccessible(narrow, "the graph on a telephone");
  await picture(narrow, "identity-390-dark");
  await go("/identity/conflicts", narrow);
  await checkFits(narrow, "conflicts on a telephone");
  await picture(narrow, "identity-conflicts-390-dark");
  checkQuiet(narrow, "the explorer on a telephone");
  await narrow.context().close();
});
