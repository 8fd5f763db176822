// SPDX-License-Identifier: Apache-2.0
// What campaigns stand on, set up in the app: the mail relay and its keys, the gateway of text
// messages, the endpoint of webhooks, stationery, and a series of coupons from its making to the
// till.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer as createReceiver } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, picture,
  settled, WIDE,
} from "./browser.mjs";
import { Server } from "./server.mjs";

let server, browser, state, receiver;
const posts = []; // what the receiver took

before(async () => {
  server = new Server();
  server.command("sample", "--customers", "30");
  receiver = await startReceiver();
  writeFileSync(join(server.store, "tessera.conf"), `internal_hosts = ${receiver.host}\n`);
  await server.start();
  browser = await launch();
  const page = await open(browser);
  await becomeAdministrator(page, await server.firstLink());
  state = await page.context().storageState();
  await page.context().close();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  receiver?.server.close();
});

// A system of the company's own that takes messages.
function startReceiver() {
  const taking = createReceiver(async (request, response) => {
    let body = "";

    for await (const part of request) body += part;
    posts.push({ headers: request.headers, body });
    response.writeHead(204).end();
  });

  return new Promise((resolve) => taking.listen(0, "127.0.0.1", () =>
    resolve({ server: taking, host: `127.0.0.1:${taking.address().port}` })));
}

async function whole(page, name) {
  await settled(page);
  await picture(page, name);
  await checkAccessible(page, name);
  await checkFits(page, name);
  checkQuiet(page, name);
}

// A port on which nobody listens.
function deadPort() {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, "127.0.0.1", () => {
      const { port } = listener.address();
      listener.close(() => resolve(port));
    });
  });
}

test("the relay is set up, keys are made, take over from one another and are removed", async () => {
  const page = await open(browser, { size: WIDE, state });

  await page.goto(`${server.url}/push/mail`);
  await page.getByText("No key signs").waitFor();
  await whole(page, "mail-none-1280-light");
  await page.getByLabel("Server").fill("127.0.0.1");
  await page.getByLabel("Port").fill(String(await deadPort()));
  await page.getByLabel("TLS").selectOption("none");
  await page.getByLabel("Address").fill("news@example.org");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("The set-up is kept.").waitFor();
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByText("v=DKIM1").waitFor();
  await page.getByLabel("Algorithm").selectOption("ed25519-sha256");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByRole("button", { name: /^Let it sign: ed-/ }).click();
  await page.getByText("signs", { exact: true }).waitFor();
  await page.getByText("signs", { exact: true }).scrollIntoViewIfNeeded();
  await whole(page, "mail-keys-1280-light");
  await page.getByRole("button", { name: /^Remove: rsa/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByRole("button", { name: /^Remove: rsa/ }).waitFor({ state: "detached" });
  await page.getByLabel("To", { exact: true }).fill("me@example.org");
  await page.getByRole("button", { name: "Send it" }).click();
  await page.getByText("Not now; it may be tried again.").waitFor();
  await page.context().close();
});

test("the gateway is kept and its password is not shown", async () => {
  const page = await open(browser, { size: NARROW, scheme: "dark", state });

  await page.goto(`${server.url}/push/text-messages`);
  await page.getByText("None is set up yet").waitFor();
  await page.getByLabel("Kind").selectOption("http");
  await page.getByLabel("Address").first().fill("http://127.0.0.1:9/");
  await page.getByLabel("Password", { exact: true }).fill("secret word");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alert").waitFor(); // not on the public internet
  await whole(page, "sms-refused-390-dark");
  await page.getByLabel("Address").first().fill("https://sms.example.com/send");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("One is kept. Empty: it stays.").waitFor();
  assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
  await page.getByText("/sms/replies/").scrollIntoViewIfNeeded();
  await whole(page, "sms-390-dark");
  await page.context().close();
});

// As the receiver finds out who posted.
function signatureOf({ headers, body }, secret) {
  const mac = createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64"))
    .update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`).digest("base64");

  return `v1,${mac}`;
}

test("the endpoint of webhooks is set up, tried, given a new secret and switched off", async () => {
  const page = await open(browser, { size: NARROW, scheme: "dark", state });
  const secrets = page.locator("pre").filter({ hasText: /^whsec_/ });
  const post = async () => {
    const answered = page.waitForResponse(/webhook\/tries/);
    await page.getByRole("button", { name: "Post it" }).click();
    assert.equal((await (await answered).json()).accepted, true);
    await page.getByText("The endpoint took it.").waitFor();
  };

  await page.goto(`${server.url}/push/webhook`);
  await page.getByText("None is set up yet").waitFor();
  assert.ok(await page.getByRole("button", { name: "Post it" }).isDisabled());
  await page.getByLabel("Address").fill("http://hooks.example.com/");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alert").getByText("over https only").waitFor();
  await whole(page, "webhook-refused-390-dark");
  await page.getByLabel("Address").fill(`http://${receiver.host}/in?token=abc`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await secrets.waitFor();
  const first = await secrets.innerText();
  await page.getByText(`http://${receiver.host}`, { exact: true }).waitFor();
  assert.ok(!(await page.content()).includes("token=abc"));
  await post();
  assert.equal(posts.at(-1).body, '{"type": "test", "data": {}}');
  assert.equal(posts.at(-1).headers["webhook-signature"], signatureOf(posts.at(-1), first));
  await whole(page, "webhook-390-dark");

  await page.getByRole("button", { name: "New secret" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("signs as well for a day").waitFor();
  await dialog.getByRole("button", { name: "New secret" }).click();
  await dialog.locator("pre").waitFor();
  const second = await dialog.locator("pre").innerText();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByText("The secret before signs as well until").waitFor();
  await secrets.waitFor({ state: "detached" });
  await post();
  assert.equal(posts.at(-1).headers["webhook-signature"],
               `${signatureOf(posts.at(-1), second)} ${signatureOf(posts.at(-1), first)}`);

  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByText("Nothing is posted until it is switched on.").waitFor();
  await whole(page, "webhook-off-390-dark");
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByRole("button", { name: "Switch off" }).waitFor();
  await page.context().close();
});

test("stationery is kept and a letter is fetched as a PDF", async () => {
  const page = await open(browser, { size: WIDE, scheme: "dark", state });

  await page.goto(`${server.url}/push/letters`);
  await page.getByLabel("Envelope", { exact: true }).selectOption("din5008_a");
  await page.getByLabel("Name").fill("Hofladen Sommer");
  await page.getByRole("button", { name: "Add a price" }).click();
  await whole(page, "letters-1280-dark");
  await page.getByRole("button", { name: "Save the stationery" }).click();
  await page.getByText("The stationery is kept.").waitFor();
  await page.reload();
  await settled(page);
  assert.equal(await page.getByLabel("Name").inputValue(), "Hofladen Sommer");
  assert.equal(await page.getByLabel("To grams").inputValue(), "20");
  const fetched = page.waitForEvent("download");
  const answered = page.waitForResponse(/letter-preview/);
  await page.getByRole("button", { name: "Fetch the PDF" }).click();
  assert.equal((await answered).status(), 200, await (await answered).text());
  assert.equal(readFileSync(await (await fetched).path()).subarray(0, 5).toString(), "%PDF-");
  await page.context().close();
});

test("a series is made, codes are issued, one is redeemed once", async () => {
  const page = await open(browser, { size: WIDE, state });

  await page.goto(`${server.url}/push/coupons`);
  await page.getByText("No coupons yet").waitFor();
  await whole(page, "coupons-none-1280-light");
  await page.getByRole("button", { name: "Make a series" }).first().click();
  await page.getByLabel("Name").fill("autumn");
  await page.getByLabel("How much").fill("15");
  await whole(page, "coupons-add-1280-light");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByLabel("How many").fill("3");
  await page.getByRole("button", { name: "Issue", exact: true }).click();
  await page.getByText("3 codes were issued.").waitFor();
  const [code] = (await page.locator("main pre").innerText()).split("\n");
  await whole(page, "coupons-series-1280-light");
  const fetched = page.waitForEvent("download");
  await page.getByRole("link", { name: "Codes as CSV" }).click();
  assert.equal(readFileSync(await (await fetched).path(), "utf8").trim().split("\r\n").length, 4);
  await page.goto(`${server.url}/push/coupons`);
  await page.getByLabel("Code of the coupon").fill(code);
  await page.getByLabel("Receipt number").fill("4711");
  await page.getByRole("button", { name: "Look", exact: true }).click();
  await page.getByText("It may be redeemed.").waitFor();
  await page.getByRole("button", { name: "Redeem", exact: true }).click();
  await page.getByText("It is redeemed.").waitFor();
  await page.getByRole("button", { name: "Look", exact: true }).click();
  await page.getByText("It was redeemed already.").waitFor();
  await whole(page, "coupons-till-1280-light");
  await page.context().close();
});

for (const look of [{ name: "390-dark", size: NARROW, scheme: "dark" },
                    { name: "1280-light", size: WIDE }])
  test(`what was set up is whole at ${look.name}`, async () => {
    const page = await open(browser, { ...look, state });

    for (const name of
      ["mail", "deliverability", "webhook", "letters", "coupons", "coupons/autumn"]) {
      await page.goto(`${server.url}/push/${name}`);
      await page.locator("main h1").first().waitFor();
      await whole(page, `push-${name.replace("/", "-")}-${look.name}`);
    }
    await page.context().close();
  });
