// SPDX-License-Identifier: Apache-2.0
// Webhooks in the browser: one is made, another system sends to it, what could not be read is taken
// with a better mapping, the secret is changed.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, picture,
  settled,
} from "./browser.mjs";
import { Server } from "./server.mjs";

let server, browser, page, address, secret;
let sent = 0;

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

async function go(path) {
  await page.goto(server.url + path);
  await page.locator("main h1").first().waitFor();
  await settled(page);
}

// As another system would.
async function send(body, key = secret) {
  const id = `msg_${++sent}`;
  const now = String(Math.floor(Date.now() / 1000));
  const text = JSON.stringify(body);
  const mac = createHmac("sha256", Buffer.from(key.slice("whsec_".length), "base64"))
    .update(`${id}.${now}.${text}`).digest("base64");
  const answer = await fetch(address, {
    method: "POST",
    body: text,
    headers: { "webhook-id": id, "webhook-timestamp": now, "webhook-signature": `v1,${mac}` },
  });
  return { status: answer.status, ...(await answer.json()) };
}

async function shownSecret() {
  const words = await page.locator("[role=status] .mantine-Code-root").innerText();
  assert.match(words, /^whsec_/);
  return words;
}

test("a webhook is made; its secret is shown once", async () => {
  await go("/plug/webhooks");
  await page.getByText("No webhooks yet").waitFor();
  await checkAccessible(page, "no webhooks");
  await page.getByRole("button", { name: "Add a webhook" }).first().click();
  await page.getByLabel(/^Name/).fill("payments");
  await settled(page);
  await checkAccessible(page, "a new webhook");
  await picture(page, "hooks-add-1280-light");
  await page.getByRole("button", { name: "Make the webhook" }).click();
  secret = await shownSecret();
  address = (await page.getByRole("dialog").locator(".mantine-Code-root").first().innerText()).trim();
  assert.ok(address.startsWith(`${server.url}/hooks/`));
  await picture(page, "hooks-made-1280-light");
  await page.getByRole("dialog").getByText("Close", { exact: true }).click();
  await page.getByText("nothing came yet").waitFor();
});

test("what is sent is taken; what cannot be read waits for a better mapping", async () => {
  const event = {
    id: "evt_1", type: "charge.succeeded",
    data: { created_at: "2026-03-01T10:00:00Z", customer: { email: "anna@example.org" } },
  };
  assert.deepEqual(await send(event), {
    status: 200, state: "taken", accepted: 1, duplicate: 0, quarantined: 0,
  });
  assert.equal((await send(event, `whsec_${Buffer.alloc(32).toString("base64")}`)).status, 401);
  assert.equal((await send({ id: "evt_2", type: "x", when: "2026-03-02" })).quarantined, 1);
  await go("/plug/webhooks");
  await checkAccessible(page, "webhooks");
  await picture(page, "hooks-1280-light");
  await page.getByRole("button", { name: "Mapping: payments" }).click();
  const field = page.getByLabel(/^What the members mean/);
  await field.fill((await field.inputValue()).replaceAll("data.created_at", "when"));
  await page.getByRole("button", { name: "Keep the mapping" }).click();
  await page.getByText(/Kept\. Messages/).waitFor();
  await page.getByRole("link", { name: "1 in quarantine" }).click();
  await page.waitForURL(/\/plug\/imports\/\d+/);
  await settled(page);
  await picture(page, "hooks-quarantine-1280-light");
  checkQuiet(page, "what waits of a webhook");
});

test("a new secret is shown once, and both count", async () => {
  await go("/plug/webhooks");
  await page.getByRole("button", { name: "New secret: payments" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "New secret" }).click();
  const changed = await shownSecret();
  assert.notEqual(changed, secret);
  const event = { id: "evt_3", type: "x", when: "2026-03-03" };
  assert.equal((await send(event)).accepted, 1);
  assert.equal((await send({ ...event, id: "evt_4" }, changed)).accepted, 1);
  await page.getByRole("dialog").getByText("Close", { exact: true }).click();
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByRole("button", { name: "Switch on" }).waitFor();
  assert.equal((await send(event, changed)).status, 404);
});

test("webhooks fit a telephone", async () => {
  const narrow = await open(browser, {
    size: NARROW, scheme: "dark", state: await page.context().storageState(),
  });
  await narrow.goto(`${server.url}/plug/webhooks`);
  await narrow.getByText("payments").first().waitFor();
  await settled(narrow);
  await checkFits(narrow, "webhooks on a telephone");
  await checkAccessible(narrow, "webhooks on a telephone");
  await picture(narrow, "hooks-390-dark");
  checkQuiet(narrow, "webhooks on a telephone");
  await narrow.context().close();
});
