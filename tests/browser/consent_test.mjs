// SPDX-License-Identifier: Apache-2.0
// Consent in the app: a purpose gets a new version, an address is suppressed and let go, messages
// that ask to confirm are counted, what a customer said is written down and stands there with the
// text that was shown.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, picture,
  settled, WIDE,
} from "./browser.mjs";
import { Server } from "./server.mjs";

let server, browser, state, customer;

before(async () => {
  server = new Server();
  const people = join(server.folder, "people.csv");
  writeFileSync(people, "customer_number,name,email\nK1,Ada Lovelace,ada@example.org\n");
  server.command("import", people, "--as", "customers", "--yes");
  [customer] = server.column("id", "customer", "search", "--limit", "1");
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
});

async function whole(page, name) {
  await settled(page);
  await picture(page, name);
  await checkAccessible(page, name);
  await checkFits(page, name);
  checkQuiet(page, name);
}

test("a purpose gets another channel and new words, as a new version", async () => {
  const page = await open(browser, { size: WIDE, state });

  await page.goto(`${server.url}/govern/consent`);
  await page.getByRole("link", { name: "newsletter" }).click();
  await page.getByLabel("Legal basis of Text message").selectOption("consent");
  await page.getByLabel("Double opt-in of Text message").check();
  await page.getByLabel("Title").first().fill("News");
  await page.getByRole("button", { name: "Save as a new version" }).click();
  await page.getByText("Version 2. Saving makes a new one").waitFor();
  await whole(page, "consent-purpose-saved-1280-light");
  const { definition } = JSON.parse(
    server.command("consent", "purpose", "newsletter", "--format", "json"));
  assert.deepEqual(definition.channels.sms, { basis: "consent", double_opt_in: true });
  assert.equal(definition.languages.en.title, "News");
  await page.context().close();
});

test("a definition that cannot be is told where it is written, and nothing is lost", async () => {
  const page = await open(browser, { size: WIDE, state });

  await page.goto(`${server.url}/govern/consent`);
  await page.getByRole("button", { name: "Add a purpose" }).click();
  await page.getByLabel("Name").fill("Club");
  await page.getByText("It begins with a small letter").waitFor();
  await page.getByLabel("Name").fill("club");
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByLabel("Title").fill("The club");
  await page.getByRole("button", { name: "Save as a new version" }).click();
  await page.getByRole("alert").getByText(/"explanation" has 0 bytes/).waitFor();
  assert.equal(await page.getByLabel("Title").inputValue(), "The club");
  await page.getByLabel("Explanation").fill("Offers for members.");
  await page.getByLabel("The text that is agreed to").fill("I join the club.");
  await page.getByRole("button", { name: "Save as a new version" }).click();
  await page.getByText("Version 1. Saving makes a new one").waitFor();
  await page.context().close();
});

test("addresses are suppressed, counted and let go", async () => {
  const page = await open(browser, { size: NARROW, scheme: "dark", state });

  await page.goto(`${server.url}/govern/consent?tab=suppressed`);
  await page.getByText("No address is suppressed").waitFor();
  await whole(page, "consent-suppressed-none-390-dark");
  await page.getByLabel("Addresses", { exact: true })
    .fill("ada@example.org\nno address\nbob@example.org");
  await page.getByRole("button", { name: "Suppress 3 addresses" }).click();
  await page.getByText("2 added, 0 were on the list, 1 are no address.").waitFor();
  await page.getByRole("cell", { name: "Brought with a list" }).waitFor();
  await page.getByLabel("Address", { exact: true }).fill("bob@example.org");
  await page.getByRole("button", { name: "Take it off the list" }).click();
  await page.getByText("It is off the list.").waitFor();
  await page.getByRole("button", { name: "Take it off the list" }).click();
  await page.getByText("It was not on the list.").waitFor();
  await whole(page, "consent-suppressed-390-dark");
  await page.context().close();
});

test("messages that ask to confirm a consent are counted", async () => {
  const page = await open(browser, { size: NARROW, scheme: "dark", state });

  await page.goto(`${server.url}/govern/consent?tab=confirmations`);
  await page.getByText("Nobody was asked to confirm yet").waitFor();
  await whole(page, "consent-confirmations-none-390-dark");
  server.command("consent", "record", customer, "newsletter", "email", "granted", "--how",
                 "in_shop", "--proof", "form 4712, folder 12");
  await page.reload();
  const row = page.getByRole("row").filter({ hasText: "E-mail" });
  await row.getByRole("cell", { name: "Waits" }).waitFor(); // there is no relay
  await row.getByRole("cell", { name: "1", exact: true }).waitFor();
  await whole(page, "consent-confirmations-390-dark");
  await page.context().close();
});

test("what a customer said is written down, with its proof and the text", async () => {
  const page = await open(browser, { size: WIDE, state });

  await page.goto(`${server.url}/customers/${customer}`);
  await page.getByRole("button", { name: "Write down" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Purpose").selectOption("marketing");
  await dialog.getByLabel("Channel").selectOption("email");
  await dialog.getByText("Read this to the customer").waitFor();
  assert.ok(await dialog.getByRole("button", { name: "Write down" }).isDisabled());
  await dialog.getByLabel("Proof").fill("form 4711, folder 12");
  await whole(page, "consent-record-1280-light");
  await dialog.getByRole("button", { name: "Write down" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "What was said" }).click();
  await page.getByRole("button", { name: /^Look at: marketing, E-mail/ }).click();
  await page.getByText("form 4711, folder 12").waitFor();
  await page.getByText("The text that was shown").waitFor();
  await whole(page, "consent-fact-1280-light");
  await page.context().close();
});

for (const look of [{ name: "390-dark", size: NARROW, scheme: "dark" },
                    { name: "1280-light", size: WIDE }])
  test(`consent on the customer's page is whole at ${look.name}`, async () => {
    const page = await open(browser, { ...look, state });

    await page.goto(`${server.url}/customers/${customer}`);
    await page.getByRole("button", { name: "Link to the choices" }).click();
    await page.getByText("Who has it may change this customer's consents").waitFor();
    await page.getByText("not confirmed yet").first().scrollIntoViewIfNeeded();
    await whole(page, `consent-customer-${look.name}`);
    await page.context().close();
  });
