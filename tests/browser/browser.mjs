// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium, and what is asked of every page: no serious finding of axe-core, nothing wider
// than the window, no error in the console, a picture.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { root } from "./server.mjs";

export const PASSWORD = "plum tractor northern violin";
export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 390, height: 844 };

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = join(root, "build/screenshots");
// Nothing is asserted by how long it takes: these only end a test that will never pass.
const WAIT_MS = 120_000;
export const JOB_MS = 600_000; // of a job that the server works on

// `more` goes to Chromium's launcher as it is.
export function launch(more = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // As root Chromium has no sandbox of its own; it only ever meets the program under test.
    args: process.getuid() === 0 ? ["--no-sandbox"] : [],
    timeout: WAIT_MS,
    ...more,
  });
}

// A window with nothing remembered, or with what another one (context.storageState()) remembers;
// `more` goes to Chromium as it is.
export async function open(browser, { size = WIDE, scheme = "light", state, ...more } = {}) {
  const context = await browser.newContext({
    viewport: size, colorScheme: scheme, storageState: state, reducedMotion: "reduce",
    locale: "en-GB", timezoneId: "Europe/London", ...more,
  });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  page.problems = [];
  page.pending = new Set();
  page.on("request", (request) => {
    if (!request.url().endsWith("/live")) page.pending.add(request); // that one stays open
  });
  page.on("requestfinished", (request) => page.pending.delete(request));
  page.on("requestfailed", (request) => page.pending.delete(request));
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (message) => {
    // An answer that is an error is shown by the page; the browser tells of each besides.
    if (message.type() === "error" && !/Failed to load resource/.test(message.text()))
      page.problems.push(message.text());
  });
  return page;
}

// No question is open and nothing spins any more.
export async function settled(page) {
  for (let quiet = 0; quiet < 3;) {
    await page.waitForTimeout(50);
    quiet = page.pending.size === 0 ? quiet + 1 : 0;
  }
  await page.waitForFunction(
    () => !document.querySelector(".mantine-Skeleton-root, .mantine-Loader-root, [aria-busy=true]"));
}

export async function picture(page, name) {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

// The paths of ui/src/pages.ts, the table of the app's pages.
export function paths() {
  const table = readFileSync(join(root, "ui/src/pages.ts"), "utf8");
  return [...table.matchAll(/\bpath: "([^"]+)"/g)].map((match) => match[1]);
}

function tell({ target, any }) {
  return `    ${target.join(" ")}: ${any.map(({ message }) => message).join("; ")}`;
}

// A menu that fades away is still in the page, though no longer whole.
async function nothingMoves(page) {
  const moves = () => document.getAnimations().some(({ playState, effect }) =>
    playState === "running" && effect.getTiming().iterations !== Infinity);
  for (let still = 0; still < 3;) {
    await page.waitForTimeout(50);
    still = await page.evaluate(moves) ? 0 : still + 1;
  }
}

export async function checkAccessible(page, name) {
  await nothingMoves(page);
  await page.evaluate(`(() => { if (!window.axe) { ${axe} } })()`);
  const { violations } = await page.evaluate(
    () => window.axe.run(document, {
      resultTypes: ["violations"],
      // Experimental: it takes the initials in the picture of an account for the button's name.
      rules: { "label-content-name-mismatch": { enabled: false } },
    }));
  const found = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.slice(0, 3).map(tell).join("\n")}`);
  assert.ok(found.length === 0, `${name} is hard to use for some:\n${found.join("\n")}`);
}

export async function checkFits(page, name) {
  const { wide, widest } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    widest: [...document.querySelectorAll("main *")]
      .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
      .map((node) => node.outerHTML.slice(0, 120))[0],
  }));
  assert.ok(wide <= 1, `${name} is ${wide} px wider than the window: ${widest}`);
}

export function checkQuiet(page, name) {
  assert.ok(page.problems.length === 0, `${name} told the console:\n${page.problems.join("\n")}`);
}

// Through the one-time link to the first page.
export async function becomeAdministrator(page, link) {
  await page.goto(link);
  await page.getByLabel(/^New password/).fill(PASSWORD);
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByRole("navigation").first().waitFor();
}

export async function signIn(page, url, name, password = PASSWORD) {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel(/^Name/).fill(name);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
