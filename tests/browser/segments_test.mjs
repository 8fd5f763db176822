// SPDX-License-Identifier: Apache-2.0
// Conditions on events, put together in the browser: which of them count is said by what they are
// about, and the count and the segment that is kept are those of the command line.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkQuiet, launch, open, settled,
} from "./browser.mjs";
import { Server } from "./server.mjs";

let server, browser, page;

const viewed = { event: "Product Viewed", operator: ">=", value: 1 };
const count = () => page.getByTestId("segment-count");

function countOf(tree) {
  return JSON.parse(server.command("segment", "count", "--definition", JSON.stringify(tree),
                                   "--format", "json")).count;
}

function view(userId, product_id, category, coupon) {
  return { type: "track", userId, event: "Product Viewed",
           properties: { product_id, category, coupon } };
}

before(async () => {
  server = await new Server().start();
  browser = await launch();
  page = await open(browser);
  await becomeAdministrator(page, await server.firstLink());
  const { key } = JSON.parse(server.command("source", "add", "shop", "--format", "json"));
  const send = () => fetch(`${server.url}/v1/batch`, {
    method: "POST",
    headers: { Authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` },
    body: JSON.stringify({ batch: [
      view("u1", "T1", "Tea"), view("u2", "T1", "Tea", "SPRING"), view("u3", "C1", "Cups"),
    ] }),
  });
  let answer = await send();
  for (; answer.status === 401; answer = await send()) await page.waitForTimeout(200); // a new key
  assert.equal((await answer.json()).accepted, 3);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function restrict(name, value) {
  await page.getByRole("button", { name: "Only of" }).click();
  await page.getByRole("menuitem", { name }).click();
  await page.getByRole("combobox", { name, exact: true }).fill(value);
  await page.keyboard.press("Enter");
}

test("which events count is said by category, coupon and product", async () => {
  const definition = encodeURIComponent(JSON.stringify({ all: [viewed] }));

  await page.goto(`${server.url}/analyze/segments/new?name=tea&definition=${definition}`);
  await count().filter({ hasText: "3" }).waitFor();
  await restrict("Category", "Tea");
  await count().filter({ hasText: "2" }).waitFor();
  assert.equal(countOf({ ...viewed, where: { category: ["Tea"] } }), 2);
  await restrict("Coupon", "SPRING");
  await count().filter({ hasText: "1" }).waitFor();
  await page.getByRole("button", { name: "Count every Coupon again" }).click();
  await count().filter({ hasText: "2" }).waitFor();
  await settled(page);
  await checkAccessible(page, "a condition on events");
  checkQuiet(page, "a condition on events");
});

test("the segment that is kept holds what was put together", async () => {
  await page.getByRole("button", { name: "Create the segment" }).click();
  await page.waitForURL(/\/analyze\/segments\/tea/);
  assert.deepEqual(
    JSON.parse(server.command("segment", "show", "tea", "--format", "json")).definition,
    { all: [{ ...viewed, where: { category: ["Tea"] } }] });
});
