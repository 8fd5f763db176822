// SPDX-License-Identifier: Apache-2.0
// A page of one's own: begun, changed, saved, seen by another, printed, deleted.
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
  server.command("sample", "--customers", "300");
  server.command("segment", "create", "regulars", "--definition",
                 '{"sales": "count", "window": {"days": 365}, "operator": ">=", "value": 3}');
  server.command("segment", "refresh", "regulars");
  server.command("analyze", "forecast");
  await server.start();
  browser = await launch();
  page = await open(browser);
  await becomeAdministrator(page, await server.firstLink());
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function go(address, on = page) {
  await on.goto(server.url + address);
  await on.locator("main h1").first().waitFor();
  await settled(on);
}

const definition = () =>
  JSON.parse(server.command("dashboard", "show", "Monday", "--format", "json")).definition;

test("without a dashboard the page offers to begin one", async () => {
  await go("/analyze/dashboards");
  await page.getByText("No dashboard yet").waitFor();
  await checkAccessible(page, "dashboards, empty");
  await page.getByRole("button", { name: "New dashboard" }).first().click();
  await page.getByLabel("Name").fill("Monday");
  await page.getByLabel("What it shows").fill("Before the meeting");
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByRole("heading", { name: "Monday" }).waitFor();
  assert.equal(definition().tiles.length, 8);
});

test("its figures are those of the reports", async () => {
  await go("/analyze/dashboards/Monday");
  const revenue = await page.locator("main").getByText(/^€[\d,.]+$/).first().innerText();
  const from = new URL(page.url()).searchParams.get("from");
  assert.equal(from, null);
  const days = await page.locator("main").getByText(/\(.+ – .+\)/).first().innerText();
  const [begin, end] = days.replaceAll(/[()]/g, "").split(" – ")
    .map((day) => new Date(`${day} UTC`).toISOString().slice(0, 10));
  const [known] = server.column("revenue_gross", "metric", "revenue_gross", "--from", begin,
                                "--to", end);
  assert.equal(Number(revenue.replaceAll(/[€,]/g, "")), Number(known));
  await checkAccessible(page, "dashboard");
  await checkFits(page, "dashboard");
  await checkQuiet(page, "dashboard");
  await picture(page, "dashboard-1280-light");
});

test("a tile is added, changed, moved and removed, and seen by others once it is saved", async () => {
  await go("/analyze/dashboards/Monday?edit=1");
  await page.getByRole("button", { name: "Add a tile" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("What it shows").selectOption("text");
  await form.getByLabel("Words").fill("Who asks whom?\n<b>not bold</b>");
  await form.getByLabel("Heading").fill("Questions");
  await checkAccessible(page, "dashboard, tile");
  await form.getByRole("button", { name: "Done" }).click();
  await page.getByText("<b>not bold</b>").waitFor();
  await page.getByRole("button", { name: "Move Questions forward" }).click();
  await page.getByRole("button", { name: "Change One figure" }).first().click();
  await page.getByRole("dialog").getByLabel("Target").fill("1000000");
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  await page.getByText(/of the target of/).waitFor();
  await page.getByRole("button", { name: "Remove The forecast" }).click();
  assert.equal(definition().tiles.length, 8);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("“Monday” is saved").waitFor();
  const { tiles } = definition();
  assert.deepEqual(tiles.map(({ kind }) => kind), [
    "figure", "figure", "figure", "figure", "chart", "bridge", "text", "table",
  ]);
  assert.equal(tiles[0].target, 1000000);
});

test("a segment that is gone leaves the other tiles alone", async () => {
  await go("/analyze/dashboards/Monday?edit=1");
  await page.getByRole("button", { name: "Add a tile" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("What it shows").selectOption("segment");
  await form.getByLabel("Segment").selectOption("regulars");
  await form.getByRole("button", { name: "Done" }).click();
  await page.getByText(/^[\d,]+ customers?$/).waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("“Monday” is saved").waitFor();
  server.command("segment", "delete", "regulars");
  await go("/analyze/dashboards/Monday");
  await page.getByText(/there is no segment/i).waitFor();
  await page.getByText("Questions").waitFor();
});

test("it is as whole on a telephone, in the dark, and on paper", async () => {
  const state = await page.context().storageState();
  const narrow = await open(browser, { size: NARROW, scheme: "dark", state });

  await go("/analyze/dashboards/Monday", narrow);
  await checkFits(narrow, "dashboard, narrow");
  await picture(narrow, "dashboard-390-dark");
  await narrow.context().close();
  await go("/analyze/dashboards/Monday");
  assert.ok((await page.pdf()).length > 20_000);
});

test("it is taken along as a PDF and as a picture", async () => {
  await go("/analyze/dashboards/Monday");
  for (const [kind, beginning] of [["As PDF", "%PDF"], ["As one picture", "\u0089PNG"]]) {
    await page.getByRole("button", { name: "Download", exact: true }).click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: kind }).click(),
    ]);
    const bytes = readFileSync(await file.path());

    assert.equal(bytes.subarray(0, 4).toString("latin1"), beginning);
    assert.ok(bytes.length > 10_000);
  }
});

test("it is sent by e-mail every month, and no more", async () => {
  server.command("mail", "set", "--host", "127.0.0.1", "--port", "9", "--tls", "none",
                 "--from", "shop@example.org");
  await go("/analyze/dashboards/Monday");
  await page.getByRole("button", { name: "By e-mail" }).click();
  const form = page.getByRole("dialog");
  await form.getByText("It goes to nobody yet.").waitFor();
  await form.getByLabel("To").fill("ada@example.org, bob@example.org");
  await form.getByLabel("Every").selectOption("month");
  await form.getByLabel("Day of the month").fill("15");
  await checkAccessible(page, "a dashboard by e-mail");
  await form.getByRole("button", { name: "Send it regularly" }).click();
  await form.getByRole("cell", { name: "ada@example.org, bob@example.org" }).waitFor();
  await form.getByRole("button", { name: "Send no more" }).click();
  await form.getByText("It goes to nobody yet.").waitFor();
  assert.deepEqual(server.column("id", "dashboard", "mails", "Monday"), []);
});

test("it is deleted", async () => {
  await go("/analyze/dashboards/Monday");
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("No dashboard yet").waitFor();
  assert.deepEqual(server.column("name", "dashboard", "list"), []);
});
