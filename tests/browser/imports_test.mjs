// SPDX-License-Identifier: Apache-2.0
// Small files with faults of their own: how they are written is said by hand, a mapping is kept and
// used again, rows are mended and tried again, an import is taken back, a job is cancelled.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, JOB_MS, launch, NARROW, open,
  picture, settled,
} from "./browser.mjs";
import { Server } from "./server.mjs";

let server, browser, page;

before(async () => {
  server = await new Server().start();
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

function file(name, text) {
  const path = join(server.folder, name);
  writeFileSync(path, Buffer.from(text, "latin1"));
  return path;
}

function receipts() {
  const metric = server.command("metric", "receipts", "--format", "csv").trimEnd().split("\r\n");
  return Number(metric.at(-1));
}

function panel(title) {
  return page.locator("main section, main .mantine-Paper-root")
    .filter({ has: page.getByRole("heading", { name: title, exact: true }) }).last();
}

async function choose(label, option) {
  await page.getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
  await settled(page);
}

async function send(path) {
  await go("/plug/imports/new");
  await page.locator("input[type=file]").setInputFiles(path);
  await page.getByRole("button", { name: "Look at the columns" }).click();
  await page.getByText("The first rows as they would arrive").waitFor();
  await settled(page);
}

async function importNow() {
  await page.getByRole("button", { name: "Next: try it" }).click();
  await page.getByRole("button", { name: /^Import now/ }).click();
  await page.waitForURL(/\/plug\/imports\/\d+/);
  await settled(page);
}

// As a till of another country writes it, with a day and a quantity that are none.
const HEAD = "Bon;Datum;Kunde;Artikel;Menge;Preis\n";
const sales = HEAD +
  "1001;03.01.2026 10:15;K-1;Tee;2;3,50\n" +
  "1001;03.01.2026 10:15;K-1;Kanne;1;19,90\n" +
  "1002;gestern;K-2;Tee;1;3,50\n" +
  "1003;05.01.2026 09:00;K-2;Kaffee;eins;4,20\n";

test("every column shows several of its values", async () => {
  await send(file("sales-january.csv", sales));
  await page.getByText("Tee · Kanne · Kaffee").waitFor();
  await page.getByText("1001 · 1002 · 1003").waitFor();
  await checkAccessible(page, "the columns");
  await picture(page, "import-columns-1280-light");
});

test("how the file is written is changed by hand, and given up again", async () => {
  await choose("Between columns", "Comma");
  await page.getByText("Bon;Datum;Kunde;Artikel;Menge;Preis").first().waitFor();
  await choose("Between columns", "Semicolon");
  await page.getByText("Tee · Kanne · Kaffee").waitFor();
  await choose("First row", "Values already");
  await page.getByText("Artikel · Tee · Kanne · Kaffee").waitFor();
  await choose("First row", "Names of columns");
  await page.getByText("Tee · Kanne · Kaffee").first().waitFor();
  await choose("Format", "Parquet");
  await page.getByText("The file cannot be read like that").waitFor();
  await checkAccessible(page, "a file that cannot be read");
  await page.getByRole("button", { name: "Propose anew" }).click();
  await page.getByText("Tee · Kanne · Kaffee").waitFor();
});

test("a mapping is kept under a name", async () => {
  await choose("What Bon is taken for", "Receipt number");
  await choose("What Kunde is taken for", "Customer number");
  await page.getByLabel("Keep this mapping under a name").fill("Kasse Süd");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Kept as Kasse Süd.").waitFor();
});

test("rows that cannot be taken are mended and tried again", async () => {
  await importNow();
  assert.equal(receipts(), 1);
  await checkAccessible(page, "an import with a quarantine");
  await picture(page, "import-quarantine-1280-light");
  const mend = page.getByRole("button", { name: "Mend" });
  await mend.first().click();
  const row = page.getByLabel("The row as it should have stood");
  assert.match(await row.inputValue(), /gestern/);
  await row.fill((await row.inputValue()).replace("gestern", "04.01.2026 11:00"));
  await page.getByRole("button", { name: "Keep the mended row" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Try waiting rows again" }).click();
  await page.getByText("1 taken, 0 known already, 1 still wait").waitFor();
  await settled(page);
  assert.equal(receipts(), 2);
  assert.equal(await mend.count(), 1);
});

test("a row is given up and stays to be looked at", async () => {
  await page.getByRole("button", { name: "Give up", exact: true }).click();
  await settled(page);
  await page.getByText("No row is like that.").waitFor();
  await page.getByRole("combobox", { name: "State of the rows" }).click();
  await page.getByRole("option", { name: "Given up" }).click();
  await page.getByText("eins").first().waitFor();
});

test("a kept mapping is used again", async () => {
  await send(file("sales-february.csv", HEAD + "2001;01.02.2026 10:00;K-1;Tee;1;3,50\n"));
  await page.getByRole("combobox", { name: /Use what was kept/ }).click();
  await page.getByRole("option", { name: "Kasse Süd" }).click();
  await page.getByRole("button", { name: "Apply" }).click();
  await settled(page);
  assert.equal(await page.getByRole("combobox", { name: "What Kunde is taken for" })
    .inputValue(), "Customer number");
  await importNow();
  assert.equal(receipts(), 3);
});

test("an import is taken back from its page", async () => {
  await page.getByRole("button", { name: "Take this import back" }).click();
  await checkAccessible(page, "taking an import back");
  await picture(page, "import-undo-1280-light");
  await page.getByRole("dialog").getByRole("button", { name: "Take it back" }).click();
  await page.getByText("Taken back").first().waitFor();
  await settled(page);
  assert.equal(receipts(), 2);
  assert.equal(await page.getByRole("button", { name: "Take this import back" }).count(), 0);
  await checkAccessible(page, "an import that was taken back");
  await picture(page, "import-undone-1280-light");
});

// Long enough to be met while it runs.
function longFile() {
  const lines = ["Receipt;Date;Customer;Article;Quantity;Price\n"];
  for (let i = 0; i < 120_000; i++)
    lines.push(`${5000 + i};03.03.2026 10:15;K-${i % 5000};Tee;2;3,50\n`);
  return file("sales-long.csv", lines.join(""));
}

test("a job is cancelled where it runs, and resumed", async () => {
  await send(longFile());
  await page.getByRole("button", { name: "Next: try it" }).click();
  await page.getByRole("button", { name: /^Import now/ }).click();
  await page.waitForURL(/job=/);
  await go("/plug/jobs");
  await page.getByRole("row").filter({ hasText: "sales-long" }).getByRole("link").first().click();
  await page.getByRole("button", { name: "Cancel" }).click();
  const confirm = page.getByRole("dialog").getByRole("button").last();
  if (await page.getByRole("dialog").count() > 0) await confirm.click();
  await page.getByText("Cancelled").first().waitFor();
  await settled(page);
  await checkAccessible(page, "a cancelled job");
  await picture(page, "job-cancelled-1280-light");
  await page.getByRole("button", { name: /Go on|Resume/ }).click();
  await page.getByText("Done", { exact: true }).waitFor({ timeout: JOB_MS });
  checkQuiet(page, "imports");
});

test("a quarantine fits a telephone", async () => {
  const narrow = await open(browser, {
    size: NARROW, scheme: "dark", state: await page.context().storageState(),
  });
  await go("/plug/imports");
  const address = await page.getByRole("link", { name: /sales-january/ }).getAttribute("href");
  await narrow.goto(`${server.url}${address}?state=any`);
  await narrow.locator("main h1").first().waitFor();
  await settled(narrow);
  await checkFits(narrow, "a quarantine");
  await checkAccessible(narrow, "a quarantine");
  await picture(narrow, "import-quarantine-390-dark");
  await narrow.context().close();
});
