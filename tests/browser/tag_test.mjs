// SPDX-License-Identifier: Apache-2.0
// The tag on a shop's page of another origin: nothing is kept or sent before the visitor allows it,
// everything arrives once afterwards, and the tag manager's page does what it says.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, picture,
  settled,
} from "./browser.mjs";
import { Server } from "./server.mjs";
import { emptied, keptOn, NOTHING, Shop, watchRequests } from "./shop.mjs";

const RULES = [
  { event: "Product Added", on: "click", selector: ".buy", properties: [
    { name: "sku", from: "attribute", key: "data-sku" },
    { name: "price", from: "attribute", selector: ".price", key: "data-price" },
    { name: "label", from: "text" }, { name: "list", from: "constant", value: "page" }] },
  { event: "Offer Seen", on: "visible", selector: "#offer" },
  { event: "Product Viewed", on: "page", pattern: "/product/*", properties: [
    { name: "from", from: "query", key: "from" }] },
  { event: "Wishlist Viewed", on: "data_layer", pattern: "wish*", properties: [
    { name: "first", from: "data_layer", key: "items.0.id" }] },
  { event: "Never", on: "click", selector: "][" },
];
let server, browser, manager, shops;

// A request of the web app, as its own page makes it.
function api(method, path, body) {
  return manager.evaluate(async ([how, where, what]) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const answer = await fetch(where, {
      method: how, body: what && JSON.stringify(what),
      headers: { "content-type": "application/json", "x-csrf-token": csrf },
    });
    if (!answer.ok) throw new Error(`${how} ${where}: ${await answer.text()}`);
    return answer.json();
  }, [method, path, body]);
}

// A web site with its tag published, and its shop.
async function makeShop(name, change = {}) {
  const { key } = await api("POST", "/api/v1/sources", { name, type: "website" });
  const path = `/api/v1/sources/${name}/tag`;
  const { draft } = await api("GET", path);

  await api("PUT", path, {
    configuration: typeof change === "function" ? change(draft) : { ...draft, ...change },
  });
  await api("POST", `${path}/publish`, {});
  return new Shop(server.url, key).start();
}

// Names of the events of a source, by the alphabet.
function eventsOf(source) {
  return server.column("name", "sql",
    `SELECT name FROM event WHERE source = '${source}' ORDER BY name`);
}

async function arrived(source, count) {
  for (let tries = 0; tries < 100; tries++) {
    const events = eventsOf(source);
    if (events.length >= count) return events;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return eventsOf(source);
}

async function visit(shop, path = "/", options = {}) {
  const page = await open(browser, options);
  const log = watchRequests(page, server.url);

  await page.clock.install();
  await page.goto(shop.url + path);
  return { page, log };
}

const dialog = (page) => page.getByRole("dialog");
const press = (page, name) => page.getByRole("button", { name }).click();

before(async () => {
  server = await new Server().start();
  browser = await launch();
  manager = await open(browser);
  await becomeAdministrator(manager, await server.firstLink());
  shops = {
    plain: await makeShop("plain", { rules: RULES, data_layer: "dataLayer" }),
    remembering: await makeShop("remembering", { remember_refusal: true }),
    exempt: await makeShop("exempt", { mode: "exempt" }),
    tcf: await makeShop("tcf", { choice: "tcf" }),
    // The purpose that measures has another name, and an end that means nothing.
    review: await makeShop("review", (draft) => ({
      ...JSON.parse(JSON.stringify(draft).replaceAll('"analytics"', '"review"')),
      rules: RULES, data_layer: "dataLayer",
    })),
  };
});
after(async () => {
  await browser?.close();
  await Promise.all(Object.values(shops ?? {}).map((shop) => shop.stop()));
  await server?.stop();
});

test("before a choice nothing is kept and nothing but the tag is asked for", async () => {
  const { page, log } = await visit(shops.plain);

  await dialog(page).waitFor();
  await press(page, "Cart");
  await emptied(page);
  assert.deepEqual(await keptOn(page), NOTHING);
  assert.deepEqual(log.lines.map((line) => line.replace(/tsw_.*/, "KEY")),
                   ["GET /t.js", "GET /t/KEY"]);
  checkQuiet(page, "the shop");
});

test("after a refusal nothing is kept and nothing is sent", async () => {
  const { page, log } = await visit(shops.plain);

  await press(page, "Refuse all");
  await press(page, "Cart");
  await page.evaluate(() => window.tessera.identify("c1", { email: "ada@example.org" }));
  await emptied(page);
  await page.goto(`${shops.plain.url}/product/85123A`); // by way of pagehide
  await dialog(page).waitFor();
  assert.deepEqual(await keptOn(page), NOTHING);
  assert.deepEqual(log.sent, []);
  assert.ok(log.lines.every((line) => line.startsWith("GET /t")), log.lines.join());
});

test("a refusal may be remembered, as a choice without an id", async () => {
  const { page, log } = await visit(shops.remembering);

  await press(page, "Refuse all");
  await page.reload();
  await page.getByRole("button", { name: "Privacy choices" }).waitFor();
  assert.equal(await dialog(page).count(), 0);
  const kept = await keptOn(page);
  assert.deepEqual(Object.keys(kept.local), ["tessera"]);
  assert.deepEqual(Object.keys(JSON.parse(kept.local.tessera)), ["choice"]);
  assert.deepEqual(log.sent, []);
});

test("what is allowed arrives: pages, marked and ruled events, with campaign and consent", async () => {
  const { page, log } = await visit(shops.plain, "/?utm_source=news&utm_campaign=spring");

  await press(page, "Accept all");
  await press(page, "Cart");
  await page.locator("#offer").scrollIntoViewIfNeeded();
  await page.evaluate(() => window.dataLayer.push({ event: "wishlist", items: [{ id: "P1" }] }));
  await page.evaluate(() => history.pushState({}, "", "/product/85123A?from=list"));
  await page.goto(`${shops.plain.url}/product/85123A`);
  await page.locator(".buy b").click();
  const names = ["Cart Opened", "Consent Updated", "Offer Seen", "Product Added", "Product Viewed",
                 "Product Viewed", "Wishlist Viewed"];
  await arrived("plain", names.length + 3); // and three pages
  await emptied(page);
  const events = eventsOf("plain");
  assert.deepEqual(events.filter((name) => names.includes(name)).sort(), names);
  assert.equal(events.length, names.length + 3, events.join());

  const sent = new Map(log.sent.map((event) => [event.messageId, event]));
  assert.equal(sent.size, events.length, "what was sent twice was counted once");
  const added = [...sent.values()].find(({ event }) => event === "Product Added");
  assert.deepEqual(added.properties,
                   { sku: "85123A", price: "2.55", label: "Put into the cart", list: "page" });
  assert.deepEqual(added.context.campaign, { name: "spring", source: "news" });
  assert.deepEqual(added.context.consent.categoryPreferences, { analytics: true, marketing: true });
  assert.equal(new Set([...sent.values()].map(({ context }) => context.sessionId)).size, 1);
  assert.equal(new Set([...sent.values()].map(({ anonymousId }) => anonymousId)).size, 1);
  checkQuiet(page, "the shop");
});

test("the answer is a consent of the device, with the words that were read", async () => {
  const { page, log } = await visit(shops.plain);

  await page.getByRole("checkbox", { name: /Measurement/ }).check();
  await press(page, "Save my choice");
  await page.evaluate(() => window.tessera.track("Marked"));
  await emptied(page);
  const { rows } = server.table("sql",
    `SELECT c.purpose, c.channel, c.state, c.text_version FROM consent c
     JOIN event e ON e.origin = c.origin AND e.name = 'Marked' ORDER BY c.purpose`);
  assert.equal(log.sent[0].properties.text_version, 1);
  assert.deepEqual(rows.map((row) => row.map(String)),
                   [["analytics", "web", "granted", "1"], ["marketing", "web", "denied", "1"]]);
});

test("who signs in takes the visits before along", async () => {
  const { page, log } = await visit(shops.plain, "/?utm_source=letter");

  await press(page, "Accept all");
  await press(page, "Cart");
  await page.goto(`${shops.plain.url}/product/85123A`);
  await emptied(page);
  await page.evaluate(() =>
    window.tessera.identify("customer-42", { email: "ada@example.org", firstName: "Ada" }));
  await emptied(page);
  const [id] = server.column("id", "customer", "search", "ada@example.org");
  const events = server.column("what", "customer", "timeline", id);
  for (const name of ["Cart Opened", "Product Viewed", "page", "identify"])
    assert.ok(events.includes(name), `${name} is not on the timeline: ${events.join()}`);
  assert.equal(events.length, new Set(log.sent.map(({ messageId }) => messageId)).size
    + 2, "and two consents");
});

test("who chooses some purposes is asked for no others", async () => {
  const { page, log } = await visit(shops.plain);

  await page.getByRole("checkbox", { name: /Advertising/ }).check();
  await press(page, "Save my choice");
  await press(page, "Cart"); // measured, which was not allowed
  await emptied(page);
  assert.deepEqual(log.sent.map(({ event }) => event), ["Consent Updated"]);
  assert.deepEqual(log.sent[0].properties.purposes, { analytics: false, marketing: true });
  assert.equal(log.sent[0].properties.text_version, 1);
  assert.equal(log.sent[0].properties.method, "save");
});

test("consent is taken back by as many clicks as it was given, and nothing stays", async () => {
  const { page, log } = await visit(shops.plain);

  await press(page, "Accept all");
  await press(page, "Withdraw consent");
  await press(page, "Cart");
  await emptied(page);
  assert.deepEqual(log.sent.map(({ event, properties }) => [event, properties.method]),
                   [["Consent Updated", "withdraw"]], "what waited was collected under a consent "
                   + "that is gone");
  assert.deepEqual(await keptOn(page), NOTHING);
  await page.getByRole("button", { name: "Your data" }).click(); // data-tessera-consent
  await dialog(page).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await dialog(page).count(), 0);
});

test("what is decided in one window holds in the others at once", async () => {
  const { page: one, log } = await visit(shops.plain);
  const other = await one.context().newPage();

  await other.goto(`${shops.plain.url}/product/85123A`);
  await dialog(other).waitFor();
  await press(one, "Accept all");
  await other.getByRole("button", { name: "Withdraw consent" }).waitFor();
  await emptied(one);
  assert.ok(log.sent.some(({ event }) => event === "Product Viewed"), "what the other one held");
  await press(other, "Withdraw consent");
  await one.getByRole("button", { name: "Withdraw consent" }).waitFor({ state: "hidden" });
  await emptied(one);
  const before = log.sent.length;
  await press(one, "Cart");
  await emptied(one);
  assert.equal(log.sent.length, before);
  assert.deepEqual(await keptOn(one), NOTHING);
});

// The page's words are published anew before it is opened.
function reword(page) {
  return page.route("**/t/*.json", async (route) => {
    const response = await route.fetch();
    const told = await response.json();
    await route.fulfill({ response, json: { ...told, text_version: told.text_version + 1 } });
  });
}

test("a choice about other words answers nothing in another window", async () => {
  const { page: one, log } = await visit(shops.plain);
  const other = await one.context().newPage();
  const named = (name) => log.sent.filter(({ event }) => event === name);

  await press(one, "Accept all");
  await emptied(one);
  await reword(other);
  await other.goto(`${shops.plain.url}/product/85123A`);
  await dialog(other).waitFor();
  await press(one, "Cart"); // is kept on the device, which the other window hears of
  await emptied(one);
  assert.equal(named("Cart Opened").length, 1);
  assert.equal(await dialog(other).count(), 1);
  assert.equal(named("Product Viewed").length, 0, "what waits for an answer");
  await one.evaluate(() => localStorage.removeItem("tessera"));
  await other.waitForTimeout(100);
  assert.equal(await dialog(other).count(), 1, "nothing there is no answer");
  await press(other, "Accept all");
  await one.getByRole("button", { name: "Withdraw consent" }).waitFor({ state: "hidden" });
  await emptied(other);
  assert.equal(named("Product Viewed").length, 1);
  await press(one, "Cart");
  await emptied(one);
  assert.equal(named("Cart Opened").length, 1, "the words of the first window hold no more");
  assert.equal(JSON.parse((await keptOn(one)).local.tessera).choice.version, 2);
});

for (const [button, isSent] of [["Accept all", true], ["Refuse all", false]])
  test(`what waits from an expired choice waits for the new one: ${button}`, async () => {
    const { page, log } = await visit(shops.plain);
    const isOldSent = () => log.sent.some(({ event }) => event === "Old");

    await press(page, "Accept all");
    await emptied(page);
    await page.evaluate(() => {
      const visitor = JSON.parse(localStorage.tessera);
      visitor.choice.at -= 183 * 864e5;
      localStorage.tessera = JSON.stringify(visitor);
      localStorage["tessera.e.0a"] = JSON.stringify({
        type: "track", event: "Old", messageId: "0a", anonymousId: visitor.id,
        timestamp: new Date().toISOString(),
      });
    });
    await page.reload();
    await dialog(page).waitFor();
    await emptied(page);
    assert.ok(!isOldSent());
    await press(page, button);
    await emptied(page);
    assert.equal(isOldSent(), isSent);
    assert.ok(!("tessera.e.0a" in (await keptOn(page)).local));
  });

test("a withdrawal that could not be sent is sent by the next page, whatever is chosen", async () => {
  const { page, log } = await visit(shops.plain);

  await press(page, "Accept all");
  await emptied(page);
  await page.route("**/v1/batch", (route) => route.abort());
  await press(page, "Withdraw consent");
  await emptied(page);
  assert.equal(Object.keys((await keptOn(page)).local).length, 1);
  await page.reload();
  await press(page, "Refuse all");
  await page.unroute("**/v1/batch");
  log.sent.length = 0;
  await page.reload();
  await dialog(page).waitFor();
  await emptied(page);
  assert.ok(log.sent.length > 0);
  assert.ok(log.sent.every(({ properties }) => properties.method === "withdraw"));
  assert.equal(new Set(log.sent.map(({ messageId }) => messageId)).size, 1);
  assert.deepEqual(await keptOn(page), NOTHING);
});

test("a page that comes back out of the cache knows what was withdrawn meanwhile", async () => {
  const caching = await launch({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  try {
    const page = await open(caching);
    const log = watchRequests(page, server.url);
    await page.clock.install();
    // Not every browser tells a page that was put aside what others have stored meanwhile.
    await page.addInitScript(() =>
      addEventListener("storage", (event) => event.stopImmediatePropagation()));
    await page.goto(shops.plain.url);
    await press(page, "Accept all");
    await emptied(page);
    await page.evaluate(() => { window.isSame = true; });
    await page.getByRole("link", { name: "Heart lantern" }).click();
    await page.waitForURL("**/product/*");
    await press(page, "Withdraw consent");
    await emptied(page);
    const before = log.sent.length;
    await page.goBack({ waitUntil: "commit" });
    await page.getByRole("heading", { name: "Gardens" }).waitFor();
    assert.ok(await page.evaluate(() => window.isSame), "the page itself came back");
    await press(page, "Cart");
    await emptied(page);
    assert.deepEqual(log.sent.slice(before), []);
    assert.deepEqual(await keptOn(page), NOTHING);
    await page.getByRole("button", { name: "Withdraw consent" }).waitFor({ state: "hidden" });
  } finally {
    await caching.close();
  }
});

test("a choice holds for as long as it was published, and for the words that were read", async () => {
  const { page } = await visit(shops.plain);

  await press(page, "Accept all");
  await emptied(page);
  await page.reload();
  await page.getByRole("button", { name: "Withdraw consent" }).waitFor();
  assert.equal(await dialog(page).count(), 0);
  await page.evaluate(() => {
    const visitor = JSON.parse(localStorage.tessera);
    visitor.choice.at -= 183 * 864e5;
    localStorage.tessera = JSON.stringify(visitor);
  });
  await page.reload();
  await dialog(page).waitFor();
});

test("Global Privacy Control and Do Not Track are refusals that nobody asks about", async () => {
  for (const signal of ["globalPrivacyControl", "doNotTrack"]) {
    const page = await open(browser);
    const log = watchRequests(page, server.url);
    await page.clock.install();
    await page.addInitScript((name) => Object.defineProperty(
      Navigator.prototype, name, { get: () => (name === "doNotTrack" ? "1" : true) }), signal);
    await page.goto(shops.plain.url);
    await page.evaluate(() => localStorage.setItem("tessera", '{"id":"x"}'));
    await page.reload();
    await press(page, "Cart");
    await emptied(page);
    assert.equal(await page.locator("#tessera-consent").count(), 0);
    assert.deepEqual(await keptOn(page), NOTHING);
    assert.ok(log.lines.every((line) => line === "GET /t.js"), log.lines.join());
    checkQuiet(page, signal);
  }
});

test("what happens offline is kept and arrives once", async () => {
  const before = eventsOf("remembering").length;
  const { page, log } = await visit(shops.remembering);

  await press(page, "Accept all");
  await arrived("remembering", before + 2); // the choice and the page
  await page.context().setOffline(true);
  await press(page, "Cart");
  await press(page, "Cart");
  await emptied(page);
  assert.equal(Object.keys((await keptOn(page)).local).length, 3, "the visitor and two events");
  assert.equal(eventsOf("remembering").length, before + 2);
  await page.context().setOffline(false);
  await arrived("remembering", before + 4);
  await page.reload(); // sends again what nobody is sure of
  await emptied(page);
  const events = eventsOf("remembering").slice(before);
  assert.equal(events.filter((name) => name === "Cart Opened").length, 2, events.join());
  assert.ok(log.sent.length >= 5);
});

for (const name of ["plain", "review"])
  test(`what was collected for one purpose is not sent under another: ${name}`, async () => {
    const { page, log } = await visit(shops[name]);
    const carts = () => eventsOf(name).filter((event) => event === "Cart Opened").length;

    await press(page, "Accept all");
    await page.evaluate(() => window.tessera.identify("customer-77"));
    await emptied(page);
    const known = carts();
    await page.context().setOffline(true);
    await press(page, "Cart"); // measured
    await emptied(page);
    const before = log.sent.length;
    await page.getByRole("button", { name: "Your data" }).click();
    await dialog(page).waitFor();
    await dialog(page).getByRole("checkbox", { name: /Statistics|Measur|Analy/ }).uncheck();
    await press(page, "Save my choice");
    await page.context().setOffline(false);
    await emptied(page);
    await emptied(page);
    const sent = log.sent.slice(before).map(({ event }) => event);
    assert.ok(sent.includes("Consent Updated"));
    assert.equal(carts(), known);
    assert.ok(!(await page.evaluate(() => JSON.stringify({ ...localStorage }))).includes("customer-77"),
              "who it is was learnt by measuring");
  });

test("another tool's choice is read by IAB's framework, and its string is kept", async () => {
  const page = await open(browser);
  const log = watchRequests(page, server.url);

  await page.clock.install();
  await page.addInitScript(() => {
    window.__tcfapi = (command, version, answer) => {
      window.tell = (consents) => answer({
        eventStatus: "useractioncomplete", tcString: "CPXxRfAPXxRfA", purpose: { consents },
      }, true);
    };
  });
  await page.goto(shops.tcf.url);
  await page.waitForFunction(() => window.tell);
  await emptied(page);
  assert.deepEqual(await keptOn(page), NOTHING);
  assert.equal(await dialog(page).count(), 0);
  await page.evaluate(() => window.tell({ 1: true, 8: true, 3: false }));
  await emptied(page);
  assert.deepEqual(log.sent[0].properties, {
    purposes: { analytics: true, marketing: false }, text_version: 1, language: "en",
    method: "tcf", tcf_string: "CPXxRfAPXxRfA",
  });
  assert.equal(log.sent[1].type, "page");
});

test("exempt measurement counts without asking, and knows nobody", async () => {
  const { page, log } = await visit(shops.exempt, "/?customer=ada");

  await page.evaluate(() => {
    window.tessera.identify("c1", { email: "ada@example.org" });
    window.tessera.alias("c1");
  });
  await press(page, "Cart");
  await emptied(page);
  assert.equal(await dialog(page).count(), 0);
  assert.deepEqual(log.sent.map(({ type }) => type), ["page", "track"]);
  assert.ok(log.sent.every((event) => !("userId" in event)));
  assert.ok(!JSON.stringify(log.sent).includes("ada"));
  await press(page, "Withdraw consent");
  await press(page, "Cart");
  await page.reload();
  await emptied(page);
  assert.equal(log.sent.length, 2);
  assert.deepEqual(Object.keys(JSON.parse((await keptOn(page)).local.tessera)), ["choice"]);
});

for (const [name, size, scheme] of [["wide", undefined, "light"], ["narrow", NARROW, "dark"]])
  test(`the banner is fair and usable by everybody, ${name}`, async () => {
    const { page } = await visit(shops.plain, "/", size ? { size, scheme } : {});

    await dialog(page).waitFor();
    await checkAccessible(page, "the banner");
    await checkFits(page, "the shop");
    await picture(page, `tag-banner-${name}`);
    const looks = await dialog(page).getByRole("button").evaluateAll((buttons) =>
      buttons.map((button) => {
        const { width, height } = button.getBoundingClientRect();
        const { color, backgroundColor, fontSize, fontWeight } = getComputedStyle(button);
        return JSON.stringify([Math.round(width), Math.round(height), color, backgroundColor, fontSize, fontWeight]);
      }));
    assert.equal(looks.length, 3);
    assert.equal(new Set(looks).size, 1, looks.join("\n"));
    // From the beginning of the page by keyboard alone.
    const reached = [];
    for (let steps = 0; steps < 5; steps++) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate(() => {
        const { activeElement } = document.querySelector("#tessera-consent").shadowRoot;
        return activeElement?.name || activeElement?.textContent;
      }));
    }
    assert.deepEqual(reached, ["analytics", "marketing", "Refuse all", "Save my choice",
                               "Accept all"]);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Withdraw consent" }).waitFor();
    await checkAccessible(page, "the buttons that stay");
    await picture(page, `tag-chosen-${name}`);
  });

test("the banner speaks the language of the page", async () => {
  const { page } = await visit(shops.plain, "/", { locale: "fr-FR" });

  await page.getByRole("dialog", { name: "Your choice" }).waitFor(); // the page's lang is en
  await page.goto(`${shops.plain.url}/at`);
  await page.getByRole("dialog", { name: "Ihre Wahl" }).waitFor();
});

test("a draft is written, published and gone back from, on the page of the tag", async () => {
  await manager.goto(`${server.url}/plug/tags/plain`);
  await manager.getByRole("button", { name: "Add an event" }).click();
  await manager.getByRole("textbox", { name: "Event" }).fill("Brochure Opened");
  await manager.getByRole("textbox", { name: /^Which element/ }).fill("a[href$=");
  await manager.getByText("This is no CSS selector").waitFor();
  await manager.getByRole("textbox", { name: /^Which element/ }).fill("a[href$='.pdf']");
  await manager.getByRole("button", { name: "Add a property" }).click();
  await manager.getByRole("textbox", { name: "Name" }).fill("file");
  await manager.getByRole("textbox", { name: "Which", exact: true }).fill("href");
  await picture(manager, "tag-rule");
  await manager.getByRole("button", { name: "Done" }).click();
  await manager.getByRole("button", { name: "Save draft" }).click();
  await manager.getByText("The draft is not published").waitFor();
  await manager.getByRole("button", { name: "Publish" }).click();
  await manager.getByLabel("What is new").fill("Brochures");
  await manager.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await manager.getByText("Version 2 is in force").first().waitFor();
  await settled(manager);
  await picture(manager, "tag-events");

  await manager.getByRole("tab", { name: "Banner" }).click();
  await manager.getByLabel("Title").fill("Do you mind?");
  await manager.locator("#tessera-consent").getByText("Do you mind?").waitFor();
  await checkAccessible(manager, "the editor of the banner");
  await picture(manager, "tag-banner-editor");
  await manager.getByRole("button", { name: "Discard changes" }).click();

  await manager.getByRole("tab", { name: "Versions" }).click();
  await manager.getByRole("button", { name: "Put version 1 in force again" }).click();
  await manager.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
  await manager.getByText("Version 3 is in force").first().waitFor();
  await settled(manager);
  await picture(manager, "tag-versions");
  const { draft } = await api("GET", "/api/v1/sources/plain/tag");
  assert.ok(!draft.rules.some(({ event }) => event === "Brochure Opened"));
  for (const tab of ["Events", "Settings", "Install"]) {
    await manager.getByRole("tab", { name: tab }).click();
    await settled(manager);
    await checkAccessible(manager, tab);
    await checkFits(manager, tab);
  }
  await picture(manager, "tag-install");
  checkQuiet(manager, "the page of the tag");
});
