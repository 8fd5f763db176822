// SPDX-License-Identifier: Apache-2.0
// When things do not go well, or without a mouse: no network, a server that is busy or gone, an
// answer that fails in the middle of work, and a walk through the app by keyboard alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, launch, NARROW, open, PASSWORD, picture, settled,
} from "./browser.mjs";
import { Server } from "./server.mjs";

let server, browser, page, state, link;

before(async () => {
  server = new Server();
  server.command("sample", "--customers", "100");
  await server.start();
  link = await server.firstLink();
  browser = await launch();
  page = await open(browser);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// Presses Tab until a control of this name has the focus.
async function tabTo(name, most = 80) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const node = document.activeElement;
      const label = node.labels?.[0]?.textContent ?? node.getAttribute("aria-label");
      return { text: `${label ?? ""} ${node.textContent ?? ""}`, outline: (() => {
        const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(node);
        return `${outlineStyle} ${outlineWidth} ${boxShadow} ${borderColor}`;
      })() };
    });
    if (name.test(focused.text)) return focused;
  }
  throw new Error(`the focus never comes to ${name}`);
}

test("by keyboard alone: in by the link, to a customer, a segment, and out", async () => {
  await page.goto(link);
  await page.getByLabel(/^New password/).waitFor();
  await tabTo(/New password/);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.locator("main h1").first().waitFor();
  await settled(page);

  state = await page.context().storageState();

  await page.keyboard.press("/");
  await page.keyboard.type("a");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/customers\?q=a/);
  await page.locator("tbody tr").first().waitFor();
  await settled(page);
  await page.getByRole("searchbox").last().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/customers\/\d+/);
  await settled(page);

  const { outline } = await tabTo(/^\s*Segments/);
  assert.match(outline, /solid [1-9]/, "the focus is not seen");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/analyze\/segments/);
  await settled(page);
  await tabTo(/New segment/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/segments\/new/);
  await settled(page);
  await tabTo(/^Name/);
  await page.keyboard.type("by keyboard");
  await tabTo(/^\s*Condition/);
  await page.keyboard.press("Enter");
  await settled(page);
  await page.getByTestId("segment-count").filter({ hasText: /\d/ }).waitFor();
  await page.keyboard.down("Shift");
  await tabTo(/Create the segment/);
  await page.keyboard.up("Shift");
  await page.keyboard.press("Enter");
  await page.waitForURL(/segments\/by%20keyboard/);
  await settled(page);

  await tabTo(/Your account/);
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  await checkAccessible(page, "the menu of the account");
  await picture(page, "account-menu-1280-light");
  await page.keyboard.press("Escape");
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor({ state: "detached" });
});

test("the first stop of the keyboard leads past the navigation", async () => {
  await page.goto(`${server.url}/products`);
  await page.locator("tbody tr").first().waitFor();
  const { text } = await tabTo(/skip|content/i, 2);
  assert.ok(text);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.closest("main") !== null), true);
});

async function withFailure(answer, address, check, size) {
  const other = await open(browser, { state, ...(size ? { size } : {}) });
  await other.goto(`${server.url}/`);
  await other.locator("main h1").first().waitFor();
  await settled(other);
  await other.route(/\/api\/v1\/(products|customers)/, answer);
  await other.goto(`${server.url}${address}`);
  await check(other);
  await other.context().close();
}

function json(route, status, error, headers = {}) {
  return route.fulfill({
    status, contentType: "application/json", headers, body: JSON.stringify({ error }),
  });
}

test("without a network the page says so, and goes on when it is back", async () => {
  await withFailure((route) => route.abort(), "/products", async (other) => {
    await other.getByRole("alert").waitFor();
    await settled(other);
    await checkAccessible(other, "no network");
    await checkFits(other, "no network");
    await picture(other, "no-network-390-light");
    await other.unroute(/\/api\/v1\/(products|customers)/);
    await other.getByRole("button", { name: "Try again" }).click();
    await other.locator("tbody tr").first().waitFor();
  }, NARROW);
});

test("a busy server is waited for without a word", async () => {
  let asked = 0;
  await withFailure(
    (route) => (asked++ < 1
      ? json(route, 503, { code: "unavailable", message: "too many requests wait" },
             { "Retry-After": "1" })
      : route.continue()),
    "/products", async (other) => {
      await other.locator("tbody tr").first().waitFor();
      assert.ok(asked >= 2);
      assert.equal(await other.getByRole("alert").count(), 0);
    });
});

test("a server that stays unavailable is told with what to do", async () => {
  await withFailure(
    (route) => json(route, 503, {
      code: "unavailable", message: "the database is being restored", hint: "try in a minute",
    }),
    "/customers", async (other) => {
      await other.getByText("The database is being restored.").waitFor();
      await other.getByText("Try in a minute.").waitFor();
      await checkAccessible(other, "unavailable");
      await picture(other, "unavailable-1280-light");
    });
});

test("what failed when it was saved is kept, and said where it was done", async () => {
  const other = await open(browser, { state });
  await other.goto(`${server.url}/analyze/segments/new`);
  await other.getByLabel(/^Name/).fill("kept words");
  await settled(other);
  await other.route(/\/api\/v1\/segments$/, (route) => route.abort());
  await other.getByRole("button", { name: "Create the segment" }).click();
  await other.getByRole("alert").waitFor();
  await picture(other, "save-failed-1280-light");
  assert.equal(await other.getByLabel(/^Name/).inputValue(), "kept words");
  await other.unroute(/\/api\/v1\/segments$/);
  await other.getByRole("button", { name: "Create the segment" }).click();
  await other.waitForURL(/segments\/kept%20words/);
  await other.context().close();
});

test("a session that ends in the middle leads to the sign-in page and back", async () => {
  const other = await open(browser, { state });
  await other.goto(`${server.url}/products`);
  await other.locator("tbody tr").first().waitFor();
  await other.context().clearCookies();
  await other.getByRole("link", { name: "Stores" }).click();
  await other.waitForURL(/\/sign-in\?next=%2Fstores/);
  await other.getByLabel(/^Name/).fill("admin");
  await other.getByLabel(/^Password/).fill(PASSWORD);
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.waitForURL(/\/stores/);
  await other.context().close();
});

test("a server that is gone is told, not a blank page", async () => {
  const other = await open(browser, { state });
  await other.goto(`${server.url}/products`);
  await other.locator("tbody tr").first().waitFor();
  server.process.kill("SIGKILL");
  await server.ended;
  await other.getByRole("link", { name: "Stores" }).click();
  await other.getByRole("alert").waitFor();
  await picture(other, "server-gone-1280-light");
  await checkAccessible(other, "a server that is gone");
  await other.context().close();
});
