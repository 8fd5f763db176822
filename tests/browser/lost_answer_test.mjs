// SPDX-License-Identifier: Apache-2.0
// When the connection breaks behind the server's back: what a person asked for is done once, and
// they are told what came of it.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { becomeAdministrator, launch, open, picture, settled } from "./browser.mjs";
import { BrokenLine } from "./broken_line.mjs";
import { Server } from "./server.mjs";

let server, line, browser, page;

before(async () => {
  server = new Server();
  server.command("sample", "--customers", "100");
  server.command("segment", "create", "everybody", "--definition", '{"all": []}');
  await server.start();
  line = await new BrokenLine().open(server.url);
  browser = await launch();
  page = await open(browser);
  await becomeAdministrator(page, await server.firstLink());
});
after(async () => {
  await browser?.close();
  line?.close();
  await server?.stop();
});

// Over the line, which is whole so far.
async function go(address) {
  page.pending.clear(); // what the page before asked for, such as a download, is no concern of this
  await page.goto(line.url + address);
  await page.locator("main h1").first().waitFor();
  await settled(page);
}

// How many rows the list at `path` has, as the server itself says.
async function countOf(path) {
  const answer = await page.request.get(server.url + path);
  assert.equal(answer.status(), 200);
  return (await answer.json()).rows.length;
}

function checkOneKey(keys, atLeast) {
  assert.ok(keys.length >= atLeast, `it was asked ${keys.length} times`);
  assert.match(keys[0], /^[0-9a-f]{32}$/);
  assert.equal(new Set(keys).size, 1, `the keys differ: ${keys.join()}`);
}

const dialog = () => page.getByRole("dialog");

async function openExport() {
  await go("/analyze/segments/everybody");
  await page.getByRole("button", { name: "Export", exact: true }).click();
  return dialog().getByRole("button", { name: "Make the file" });
}

let firstKey;
test("an answer that is lost once is fetched without a word", async () => {
  const make = await openExport();
  const fetched = page.waitForEvent("download");
  line.break(/\/export$/, 1);
  await make.click();
  await (await fetched).path();
  await dialog().getByRole("link", { name: /\.csv/ }).waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  const keys = line.mend();
  checkOneKey(keys, 2);
  [firstKey] = keys;
  assert.equal(await countOf("/api/v1/exports"), 1);
});

test("a person who asks again, after no answer came at all, gets what was made then", async () => {
  const make = await openExport();
  line.break(/\/export$/);
  await make.click();
  await dialog().getByRole("alert").waitFor();
  await picture(page, "answer-lost-1280-light");
  const before = line.mend();
  assert.equal(await countOf("/api/v1/exports"), 2);

  const fetched = page.waitForEvent("download");
  line.break(/\/export$/, 0); // whole again; tells the keys
  await make.click();
  await (await fetched).path();
  await dialog().getByRole("link", { name: /\.csv/ }).waitFor();
  checkOneKey([...before, ...line.mend()], 4);
  assert.notEqual(before[0], firstKey);
  assert.equal(await countOf("/api/v1/exports"), 2);
});

test("a key of the API that nobody saw is told, and stands in the list to be revoked", async () => {
  await go("/govern/keys");
  await page.getByRole("button", { name: "Add a key" }).first().click();
  await dialog().getByLabel("What it is for").fill("cash register");
  await dialog().getByRole("checkbox", { name: "Read customers" }).check();
  line.break(/\/keys$/, 1);
  await dialog().getByRole("button", { name: "Add" }).click();
  await dialog().getByText(/first answer was lost/).waitFor();
  await dialog().getByText(/done already/).waitFor();
  checkOneKey(line.mend(), 2);
  await picture(page, "key-lost-1280-light");
  await dialog().getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("row").filter({ hasText: "cash register" }).waitFor();
  assert.equal(await countOf("/api/v1/keys"), 1);
});

test("a file whose sending is not answered is there once", async () => {
  const path = join(server.folder, "people.csv");
  writeFileSync(path, "customer_number,name\n1,Ann\n");
  await go("/plug/imports/new");
  line.break(/\/uploads\?/, 1);
  await page.locator("input[type=file]").setInputFiles(path);
  await page.getByText("people.csv").first().waitFor();
  await page.getByRole("button", { name: "Look at the columns" }).waitFor();
  checkOneKey(line.mend(), 2);
  assert.equal(await countOf("/api/v1/uploads"), 1);
});

test("what makes nothing has no key and is not asked again", async () => {
  await go("/account");
  line.break(/\/second-factor$/);
  await page.getByRole("button", { name: "Set it up" }).click();
  await page.getByRole("alert").waitFor();
  assert.ok(line.mend().every((key) => key === undefined));
});
