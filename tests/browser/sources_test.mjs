// SPDX-License-Identifier: Apache-2.0
// A source is made, its key sends, what it sends is seen as it arrives; then it is switched off.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, picture,
  settled, WIDE,
} from "./browser.mjs";
import { Server } from "./server.mjs";

let server, browser, page, key;

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

const dialog = () => page.getByRole("dialog");

function send(event, path = "track") {
  return fetch(`${server.url}/v1/${path}`, {
    method: "POST",
    headers: { Authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` },
    body: JSON.stringify(event),
  });
}

test("a source is made and its key is shown once", async () => {
  await page.goto(`${server.url}/plug/sources`);
  await page.getByRole("button", { name: "Add a source" }).first().click();
  await dialog().getByLabel("Name").fill("webshop");
  await checkAccessible(page, "a new source");
  await dialog().getByRole("button", { name: "Add" }).click();
  key = await dialog().locator(".mantine-Code-root").innerText();
  assert.match(key, /^tsw_/);
  await dialog().getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("link", { name: "webshop" }).waitFor();
});

test("what arrives is seen within seconds, with what was wrong", async () => {
  await page.getByRole("link", { name: "webshop" }).click();
  await page.getByRole("heading", { name: "As it happens" }).waitFor();
  assert.equal((await send({ userId: "u1", event: "Basket Opened" })).status, 200);
  assert.equal((await send({ event: "Nobody Did" })).status, 400);
  await page.getByText("Basket Opened").first().waitFor();
  await page.getByText("Refused", { exact: true }).first().waitFor();
  await settled(page);
  await checkAccessible(page, "a source");
  await checkFits(page, "a source");
  await picture(page, "source-1280-light");
  await page.setViewportSize(NARROW);
  await checkFits(page, "a source, narrow");
});

test("what was kept apart is mended, tried again and counted", async () => {
  const batch = { batch: [
    { type: "track", userId: "u2" }, { type: "what", userId: "u3" },
    { type: "track", userId: "u2", messageId: "c", event: "Order Cancelled",
      properties: { order_id: "7" } },
  ] };

  assert.deepEqual(await (await send(batch, "batch")).json(), {
    success: true, accepted: 1, duplicates: 0, quarantined: 2, marked: 1,
  });
  await page.reload();
  await page.getByText("Part of a message received").waitFor();
  await settled(page);
  await checkAccessible(page, "a source with a quarantine");
  await checkFits(page, "a source with a quarantine, narrow");
  await picture(page, "source-quarantine-390-light");
  await page.setViewportSize(WIDE);
  await picture(page, "source-quarantine-1280-light");
  const row = page.getByRole("listitem").filter({ hasText: "a track has an event" });
  await row.getByRole("button", { name: "Mend" }).click();
  await dialog().getByLabel("The message as it should").fill(
    JSON.stringify({ type: "track", userId: "u2", event: "Mended Since" }));
  await dialog().getByRole("button", { name: "Keep the mended message" }).click();
  await dialog().waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Try again what waits" }).click();
  await page.getByText("1 taken, 0 known already, 2 still wait").waitFor();
  await page.getByRole("button", { name: "Give up what waits" }).click();
  await dialog().getByRole("button", { name: "Give 2 messages up" }).click();
  await page.getByText("Nothing is like that").or(page.getByText("Everything was taken")).waitFor();
});

test("the silence of a source is an alarm after its own rhythm, or a time that is set", async () => {
  await page.getByRole("button", { name: "Alarm" }).click();
  await dialog().getByRole("radio", { name: "learnt from its rhythm" }).check();
  await checkAccessible(page, "the alarm of a source");
  await dialog().getByRole("button", { name: "Save" }).click();
  await dialog().waitFor({ state: "detached" });
  await page.getByText("learnt from its rhythm").waitFor();
  await page.getByRole("link", { name: "All sources" }).click();
  await page.getByText("Silent after").waitFor();
  await settled(page);
  await checkFits(page, "sources");
  await picture(page, "sources-1280-light");
});

test("a source that is not known is told of in words", async () => {
  await page.goto(`${server.url}/plug/sources/4711`);
  await page.getByRole("heading", { level: 1, name: "There is no such source" }).waitFor();
  await checkAccessible(page, "an unknown source");
  await page.getByRole("link", { name: "All sources" }).first().click();
  await page.getByRole("link", { name: "webshop" }).click();
  await page.getByRole("button", { name: "Switch off" }).waitFor();
});

test("a source that is switched off is refused", async () => {
  await page.getByRole("button", { name: "Switch off" }).click();
  await dialog().getByRole("button", { name: "Switch off" }).last().click();
  await page.getByRole("button", { name: "Switch on" }).waitFor();
  let status = 0;
  for (let tries = 0; tries < 1000 && status !== 404; tries++) {
    ({ status } = await send({ userId: "u1", event: "Too Late" })); // until every worker knows it
    if (status !== 404) await page.waitForTimeout(100);
  }
  assert.equal(status, 404);
  checkQuiet(page, "sources");
});
