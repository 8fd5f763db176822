// SPDX-License-Identifier: Apache-2.0
// Every page of the app on the sample company, at both widths, light and dark: it shows something,
// fits its window, can be used by everybody, and writes nothing to the console.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  becomeAdministrator, checkAccessible, checkFits, checkQuiet, launch, NARROW, open, paths,
  picture, settled, WIDE,
} from "./browser.mjs";
import { Server } from "./server.mjs";

const CUSTOMERS = 300;
// What axe-core looks at depends on colours and on what is shown: two looks have all of both.
const looks = [
  { name: "1280-light", size: WIDE, scheme: "light", isJudged: true },
  { name: "1280-dark", size: WIDE, scheme: "dark" },
  { name: "390-light", size: NARROW, scheme: "light" },
  { name: "390-dark", size: NARROW, scheme: "dark", isJudged: true },
];
let server, browser, state, visits;

// A path of ui/src/pages.ts and an address that it matches.
function addresses() {
  return {
    "/sign-in": null, // sign_in_test.mjs
    "/welcome": null,
    "/plug/imports/:id": `/plug/imports/${server.column("id", "import", "list")[0]}`,
    "/plug/sources/:id": `/plug/sources/${server.column("id", "source", "list")[0]}`,
    "/plug/tags/:source": "/plug/tags/webshop",
    "/plug/jobs/:id": `/plug/jobs/${server.column("id", "job", "list")[0]}`,
    "/customers/:id": `/customers/${server.column("id", "customer", "search", "--limit", "1")[0]}`,
    "/customers/:id/identity":
      `/customers/${server.column("id", "customer", "search", "--limit", "1")[0]}/identity`,
    "/products/:code": `/products/${server.column("code", "product", "list", "--limit", "1")[0]}`,
    "/stores/:code": `/stores/${server.column("code", "store", "list", "--limit", "1")[0]}`,
    "/staff/:code": `/staff/${server.column("code", "staff", "list", "--limit", "1")[0]}`,
    "/analyze/segments/:name": "/analyze/segments/regulars",
    "/analyze/experiments":
      "/analyze/experiments?tab=compare&segment=others&segment=regulars",
    "/analyze/dashboards/:name": "/analyze/dashboards/monday",
    "/push/campaigns/:name": "/push/campaigns/elsewhere",
    "/push/templates/:name": "/push/templates/spring",
    "/push/coupons/:name": "/push/coupons/spring",
    "/govern/consent/:name": "/govern/consent/newsletter",
  };
}

function daysAgo(days) {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

// A test that was sent elsewhere: two arms and a control.
function elsewhere() {
  const path = join(server.folder, "elsewhere.csv");
  const rows = Array.from({ length: 600 }, (_, row) =>
    [["none", "A", "B"][row % 3], row % 7 === 0 ? 1 : 0, row % 7 === 0 ? 10 + row % 50 : 0]);

  writeFileSync(path, ["arm,bought,spent", ...rows.map((row) => row.join())].join("\n"));
  return path;
}

function monday() {
  const path = join(server.folder, "monday.json");

  writeFileSync(path, JSON.stringify({ period: "last12months", compare: "year", tiles: [
    { kind: "figure", metric: "revenue_gross", target: 50000 },
    { kind: "segment", segment: "regulars" },
    { kind: "text", text: "Before the meeting", width: 2 },
    { kind: "chart", metric: "revenue_gross", by: "month", width: 2 },
    { kind: "bridge", way: "articles", width: 2 },
    { kind: "table", metric: "revenue_gross,receipts", by: "store", width: 2 },
    { kind: "forecast", width: 2 },
  ] }));
  return path;
}

function spring() {
  const path = join(server.folder, "spring.html");

  writeFileSync(path, "<h1>Hello {{ customer.name }}</h1>{% for line in last_sale.lines %}"
    + "<p>{{ line.name }}, {{ line.price | money }}</p>{% endfor %}{% coupon %}");
  return path;
}

before(async () => {
  server = new Server();
  server.command("sample", "--customers", String(CUSTOMERS));
  server.command("segment", "create", "regulars", "--definition",
                 '{"sales": "count", "window": {"days": 365}, "operator": ">=", "value": 3}');
  server.command("segment", "refresh", "regulars");
  server.command("segment", "create", "others", "--definition",
                 '{"not": {"segment": "regulars", "operator": "in"}}');
  server.command("dashboard", "save", "monday", monday());
  server.command("campaign", "import", "elsewhere", elsewhere(), "--purpose", "offers",
                 "--channel", "file", "--arm", "arm", "--control", "none",
                 "--outcomes", "bought,spent");
  server.command("template", "save", "spring", "--subject", "Hello {{ customer.name }}",
                 "--html", spring());
  server.command("coupon", "add", "spring", "--percent", "15", "--minimum", "30");
  server.command("coupon", "issue", "spring", "--count", "3");
  server.command("webhook", "set", "https://hooks.example.com/tessera");
  server.command("analyze", "lifetime-value");
  server.command("analyze", "churn");
  server.command("analyze", "regression");
  server.command("analyze", "attribution");
  server.command("analyze", "forecast");
  server.command("analyze", "persona");
  server.command("analyze", "uplift", "--treated", "regulars", "--control", "others", "--start",
                 daysAgo(60));
  server.command("source", "add", "webshop", "--type", "website");
  const known = addresses();
  visits = paths()
    .map((path) => ({ path, address: path in known ? known[path] : path }))
    .filter(({ address }) => address !== null);
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

test("every address of the table of pages is visited", () => {
  for (const { path, address } of visits)
    assert.ok(!address.includes(":"), `${path} needs an address in pages_test.mjs`);
  assert.ok(visits.length > 15);
});

// "/plug/imports/new" is plug-imports-new-390-dark.png.
function nameOf(path, look) {
  return `${path === "/" ? "home" : path.slice(1).replace(/[/:]+/g, "-")}-${look.name}`;
}

for (const look of looks)
  test(`every page is whole at ${look.name}`, async (context) => {
    const page = await open(browser, { ...look, state });

    for (const { path, address } of visits)
      await context.test(`${path} at ${look.name}`, async () => {
        page.problems.length = 0;
        await page.goto(server.url + address);
        await page.locator("main h1").first().waitFor();
        await settled(page);
        await picture(page, nameOf(path, look));
        await checkFits(page, path);
        if (look.isJudged) await checkAccessible(page, path);
        checkQuiet(page, path);
      });
    await page.context().close();
  });
