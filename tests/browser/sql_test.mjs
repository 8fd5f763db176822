// SPDX-License-Identifier: Apache-2.0
// SQL in the browser: a question, its answer, what went wrong, what is kept and what is taken home.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, picture,
  settled,
} from "./browser.mjs";
import { Server } from "./server.mjs";

let server, browser, page;

before(async () => {
  server = new Server();
  server.command("sample", "--customers", "200");
  await server.start();
  browser = await launch();
  page = await open(browser);
  await becomeAdministrator(page, await server.firstLink());
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function go(address = "/analyze/sql") {
  await page.goto(`${server.url}${address}`);
  await page.locator("main h1").first().waitFor();
  await settled(page);
}

async function write(query) {
  const editor = page.getByRole("textbox", { name: "Query" });

  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(query);
}

const answer = () => page.locator("section").filter({ hasText: "Answer" });

test("a page without a question says how to ask one", async () => {
  await go();
  await page.getByText("Nothing was asked yet").waitFor();
  await page.getByText("None yet: write a query").waitFor();
  await checkAccessible(page, "sql, empty");
});

test("a question is answered as a table, and stands in the address", async () => {
  const rows = server.column("n", "sql", "SELECT count(*) AS n FROM sale");

  await go();
  await write("SELECT count(*) AS n, sum(gross_micros) / 1e6 AS revenue FROM sale");
  await page.keyboard.press("Control+Enter");
  await answer().getByRole("columnheader", { name: "revenue" }).waitFor();
  assert.equal((await answer().locator("tbody td").first().innerText()).replaceAll(",", ""),
               String(rows[0]));
  assert.match(decodeURIComponent(page.url()), /query=SELECT\+?.*count/);
  await checkAccessible(page, "sql, answered");
  await checkFits(page, "sql, answered");
  await checkQuiet(page, "sql, answered");
  await picture(page, "sql-1280-light");
});

test("what is wrong with a query is said where it was asked", async () => {
  await go();
  await write("SELECT nothing FROM nowhere");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText(/nowhere/).last().waitFor();
  await write("DROP TABLE sale");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText(/Only SELECT/).waitFor();
});

test("an answer that is cut says so", async () => {
  await go("/analyze/sql?limit=100");
  await write("SELECT * FROM generate_series(1, 101)");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText("there are more").waitFor();
});

test("a long question is stopped", async () => {
  await go();
  await write("SELECT count(*) FROM range(100000) a, range(100000) b, range(1000) c "
              + "WHERE a.range * b.range % 7 = c.range");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("The query was stopped.").waitFor();
});

test("a query is saved, chosen again and forgotten", async () => {
  await go();
  await write("SELECT 42 AS answer");
  await page.getByRole("button", { name: "Save" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("the answer");
  await dialog.getByLabel("What it tells").fill("of everything");
  await checkAccessible(page, "sql, saving");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("of everything").waitFor();
  assert.deepEqual(server.column("query", "query", "list"), ["SELECT 42 AS answer"]);
  await go();
  await page.getByRole("button", { name: /the answer/ }).first().click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await answer().getByRole("columnheader", { name: "answer" }).waitFor();
  await page.getByRole("button", { name: "Forget the answer" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Forget" }).click();
  await page.getByText("None yet: write a query").waitFor();
});

test("a column is chosen from the tables", async () => {
  await go();
  await write("SELECT  FROM sale");
  await page.keyboard.press("Home");
  for (let i = 0; i < 7; i++) await page.keyboard.press("ArrowRight");
  await page.getByRole("button", { name: /^sale \d+ columns/ }).click();
  await page.getByRole("button", { name: /^vat_micros/ }).first().click();
  assert.match(await page.getByRole("textbox", { name: "Query" }).innerText(),
               /SELECT vat_micros FROM sale/);
});

test("all rows are taken home as a file", async () => {
  await go("/analyze/sql?limit=100");
  await write("SELECT n FROM generate_series(1, 250) AS s (n) ORDER BY n");
  for (const [label, ending, check] of [
    ["CSV", "csv", (bytes) => bytes.toString().split("\r\n").length === 252],
    ["JSON Lines", "jsonl", (bytes) => bytes.toString().trim().split("\n").length === 250],
    ["Parquet", "parquet", (bytes) => bytes.subarray(0, 4).toString() === "PAR1"],
  ]) {
    await page.getByRole("button", { name: "All rows as a file" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: new RegExp(label) }).click(),
    ]);
    assert.equal(download.suggestedFilename(), `query.${ending}`);
    assert.ok(check(readFileSync(await download.path())), label);
  }
});

test("the page is as whole on a telephone, in the dark", async () => {
  const state = await page.context().storageState();
  const narrow = await open(browser, { size: NARROW, scheme: "dark", state });

  await narrow.goto(`${server.url}/analyze/sql`);
  await narrow.getByRole("button", { name: "Run", exact: true }).click();
  await narrow.getByRole("columnheader", { name: "month" }).waitFor();
  await settled(narrow);
  await checkAccessible(narrow, "sql, narrow");
  await checkFits(narrow, "sql, narrow");
  await picture(narrow, "sql-390-dark");
  await narrow.context().close();
});
