// SPDX-License-Identifier: Apache-2.0
// Texts that are markup and program wherever a foreign text can stand: names, notes, codes, file
// names, what people call their segments. Every page shows them as they are, as text. The content
// security policy would stop most of them as well: it is switched off here.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { becomeAdministrator, launch, open, paths, settled } from "./browser.mjs";
import { Server } from "./server.mjs";

const ELSEWHERE = "//127.0.0.1:9/"; // where nobody listens: to be asked for is enough
const VECTORS = [
  "<script>hit()</script>",
  `<script src=${ELSEWHERE}x></script>`,
  "<img src=x onerror=hit()>",
  `<img src=${ELSEWHERE}x>`,
  "<svg onload=hit()>",
  "<svg><script>hit()</script></svg>",
  "<math><mtext><img src=x onerror=hit()>",
  "<iframe srcdoc=\"<script>parent.hit()</script>\"></iframe>",
  "<iframe src=javascript:parent.hit()></iframe>",
  "<a href=javascript:hit()>a</a>",
  "<details open ontoggle=hit()>d</details>",
  "<input autofocus onfocus=hit()>",
  "<select autofocus onfocus=hit()></select>",
  "<video><source onerror=hit()></video>",
  "<audio src=x onerror=hit()></audio>",
  "<body onload=hit()>",
  "<marquee onstart=hit()>m</marquee>",
  `<style>@import '${ELSEWHERE}'</style>`,
  `<link rel=stylesheet href=${ELSEWHERE}x>`,
  `<meta http-equiv=refresh content="0;url=${ELSEWHERE}">`,
  `<base href=${ELSEWHERE}>`,
  "<object data=javascript:hit()></object>",
  "<embed src=javascript:hit()>",
  "<form action=javascript:hit()><button autofocus>b</button></form>",
  "<noscript><p title=\"</noscript><img src=x onerror=hit()>\"></p>",
  "<template><img src=x onerror=hit()></template>",
  "javascript:hit()",
  "data:text/html,<script>parent.hit()</script>",
  "{{constructor.constructor('hit()')()}}",
  "${hit()}",
];
const WRAPPINGS = [
  (text) => text,
  (text) => `">${text}`,
  (text) => `'>${text}`,
  (text) => `\`>${text}`,
  (text) => `</title>${text}`,
  (text) => `</textarea>${text}`,
  (text) => `</script>${text}`,
  (text) => `-->${text}`,
  (text) => `]]>${text}`,
  (text) => text.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (text) => text.replaceAll("<", "%3C").replaceAll(">", "%3E"),
  (text) => text.toUpperCase().replaceAll("HIT()", "hit()"),
];
const TEXTS = WRAPPINGS.flatMap((wrap) => VECTORS.map(wrap));
const SHOWN = "<img src=x onerror=hit()>";
let server, browser, page;

const cell = (text) => `"${text.replaceAll('"', '""')}"`;

// One text per row, in each of its cells but the first, which is a number.
function bring(kind, head, rows, ...options) {
  const path = join(server.folder, `${kind} ${VECTORS[2]}.csv`);
  writeFileSync(path, `${[head, ...rows].join("\n")}\n`);
  server.command("import", path, "--as", kind, "--yes", ...options);
}

function bringAll() {
  const everywhere = (before, count, after = "") => TEXTS.map(
    (text, i) => `${before(i)},${Array(count).fill(cell(text)).join(",")}${after}`);

  bring("products", "product_code,name,category,brand", everywhere((i) => `P${i}`, 3));
  bring("stores", "store_code,name,city,region", everywhere((i) => `S${i}`, 3));
  bring("staff", "staff,name,role", everywhere((i) => `E${i}`, 2));
  bring("customers", "customer_number,name,company,city,region,street,note",
        everywhere((i) => `${i + 1}`, 6));
  bring("sales",
        "receipt_number,sold_at,customer_number,store,cashier,product_code,quantity,line_total,"
        + "channel,payment,till,coupon",
        everywhere((i) => `${i},2024-03-02 10:00:00,${i + 1},S${i},E${i},P${i},1,10`, 4));
  bring("sales", "receipt_number,sold_at,customer_number,product_code,quantity,line_total",
        TEXTS.map((text, i) => `${cell(text)},2024-03-02 11:00:00,${i + 1},${cell(text)},1,5`));
  bring("events", "customer_number,at,event,campaign,channel",
        everywhere((i) => `${i + 1},2024-03-02 10:00:00`, 3));
  bring("sales", "receipt_number,sold_at,product_code,quantity,line_total",
        TEXTS.map((text) => `1,${cell(text)},P1,1,1`), // to quarantine
        "--field", "sold_at=sold_at");
}

function bringDashboard() {
  const path = join(server.folder, "dashboard.json");

  writeFileSync(path, JSON.stringify({ period: "all", tiles: [
    ...TEXTS.slice(0, 30).map((text) => ({ kind: "text", title: text, text })),
    { kind: "segment", segment: SHOWN }, { kind: "figure", metric: "receipts", title: SHOWN },
    { kind: "chart", metric: "receipts", by: "store", title: SHOWN, width: 2 },
    { kind: "table", metric: "receipts", by: "channel", width: 2 },
  ] }));
  server.command("dashboard", "save", SHOWN, path, "--description", `">${SHOWN}`);
  server.command("template", "save", SHOWN, "--subject", SHOWN, "--html", hostileTemplate(),
                 "--description", `">${SHOWN}`);
}

function bringPurpose() {
  const path = join(server.folder, "purpose.json");
  const words = { title: SHOWN, explanation: `">${SHOWN}`, text: SHOWN };

  writeFileSync(path, JSON.stringify({
    is_marketing: true, channels: { email: { basis: "consent" } }, languages: { en: words },
  }));
  server.command("consent", "purpose", "hostile", "--set", path);
}

// Whoever writes templates may write scripts into them; the frame that shows them runs none.
function hostileTemplate() {
  const path = join(server.folder, "hostile.html");

  writeFileSync(path, `<script>top.hurt = 1; fetch("/api/v1/accounts")</script>`
    + `<img src="/x" onerror="top.hurt = 1"><p>{{ customer.name }}</p>`);
  return path;
}

before(async () => {
  server = new Server();
  bringAll();
  server.command("segment", "create", SHOWN, "--description", `">${SHOWN}`, "--definition",
                 JSON.stringify({ attribute: "city", operator: "is", value: SHOWN }));
  server.command("segment", "refresh", SHOWN);
  bringDashboard();
  bringPurpose();
  server.command("coupon", "add", SHOWN, "--percent", "15", "--title", SHOWN);
  server.command("webhook", "set", `https://hooks.example.com/${encodeURI(SHOWN)}`);
  server.command("query", "save", SHOWN, `SELECT '${SHOWN}' AS "${SHOWN}"`, "--description", SHOWN);
  server.command("analyze", "attribution");
  server.command("analyze", "persona", "--features", "recency,receipts,spend,channels,categories");
  server.command("persona", "rename", "1", SHOWN);
  server.command("analyze", "forecast", "--grain", "day", "--by", "store,category,channel");
  server.command("source", "add", SHOWN, "--type", "website");
  server.command("analyze", "regression", "--drivers", "store,channel,payment,category");
  await server.start();
  browser = await launch();
  page = await open(browser, { bypassCSP: true });
  page.asked = [];
  page.on("request", (request) => page.asked.push(request.url()));
  page.on("dialog", (dialog) => { page.asked.push(ELSEWHERE); dialog.dismiss(); });
  await page.addInitScript(() => {
    window.hits = 0;
    window.hit = () => { window.hits += 1; };
  });
  await becomeAdministrator(page, await server.firstLink());
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// What the app itself never makes, and only a text that became markup could have made.
function foreign() {
  return page.evaluate((elsewhere) => [...document.querySelectorAll("*")].filter((node) => {
    const isAsset = node.tagName !== "SCRIPT" || !/hit\(|127\.0\.0\.1:9/.test(node.outerHTML);
    const values = [...node.attributes];
    // A preview: a frame without any right, which loads nothing.
    if (node.tagName === "IFRAME" && node.getAttribute("sandbox") === ""
        && node.srcdoc.startsWith("<meta http-equiv=\"Content-Security-Policy\"")) return false;
    return !isAsset
      || /^(IFRAME|OBJECT|EMBED|BASE|MARQUEE|MATH|MTEXT|DETAILS|VIDEO|AUDIO)$/i.test(node.tagName)
      || node.matches("meta[http-equiv=refresh], main style:not([data-mantine-styles])")
      || values.some(({ name }) => name.startsWith("on"))
      || values.some(({ name, value }) =>
        /^(href|src|action|data|srcdoc)$/.test(name)
        && (/^\s*(javascript|data:text)/i.test(value) || value.startsWith(elsewhere)));
  }).map((node) => node.outerHTML.slice(0, 160)), ELSEWHERE);
}

async function visit(address) {
  await page.goto(server.url + address);
  await page.locator("main h1").first().waitFor();
  await settled(page);
  assert.deepEqual(await foreign(), [], `${address} holds markup of foreign texts`);
  assert.equal(await page.evaluate(() => window.hits), 0, `${address} ran a foreign text`);
  assert.deepEqual(page.asked.filter((url) => url.includes(":9/")), [], `${address} asked elsewhere`);
}

test("there are more than three hundred of them, all different", () => {
  assert.ok(new Set(TEXTS).size > 300);
});

test("every page shows them as text", async () => {
  const segment = encodeURIComponent(SHOWN);
  const known = {
    "/sign-in": null,
    "/welcome": null,
    "/analyze/experiments": `/analyze/experiments?tab=compare&segment=${segment}&segment=${segment}`,
    "/push/campaigns/:name": null, // no campaign stands here
    "/plug/imports/:id": `/plug/imports/${server.column("id", "import", "list")[0]}`,
    "/plug/sources/:id": `/plug/sources/${server.column("id", "source", "list")[0]}`,
    "/plug/tags/:source": `/plug/tags/${encodeURIComponent(SHOWN)}`,
    "/plug/jobs/:id": `/plug/jobs/${server.column("id", "job", "list")[0]}`,
    "/customers/:id": `/customers/${server.column("id", "customer", "search", "--limit", "1")[0]}`,
    "/customers/:id/identity":
      `/customers/${server.column("id", "customer", "search", "--limit", "1")[0]}/identity`,
    "/products/:code": "/products/P2",
    "/stores/:code": "/stores/S2",
    "/staff/:code": "/staff/E2",
    "/analyze/segments/:name": `/analyze/segments/${segment}`,
    "/analyze/dashboards/:name": `/analyze/dashboards/${segment}`,
    "/push/templates/:name": `/push/templates/${segment}`,
    "/push/coupons/:name": `/push/coupons/${segment}`,
    "/govern/consent/:name": "/govern/consent/hostile",
  };
  for (const path of paths()) {
    const address = path in known ? known[path] : path;
    if (address !== null) await visit(address);
  }
});

for (const [address, what] of [
  ["/customers?q=3", "customers"], ["/products", "products"], ["/stores", "stores"],
  ["/staff", "staff"], ["/analyze/segments", "segments"], ["/plug/imports", "imports"],
  ["/plug/sources", "sources"], ["/plug/tags", "tags"], ["/analyze/dashboards", "dashboards"],
  ["/push/templates", "templates"], ["/push/coupons", "coupons"],
  ["/analyze/sql", "saved queries"],
])
  test(`the list of ${what} shows them letter by letter`, async () => {
    await visit(address);
    assert.ok((await page.locator("main").innerText()).includes(SHOWN), address);
  });

test("one customer of each kind of text has a page that shows it", async () => {
  const ids = server.column("id", "customer", "search", "--limit", "1000");

  for (let i = 0; i < ids.length; i += 9) await visit(`/customers/${ids[i]}`);
});

test("what is typed into the search is text as well", async () => {
  for (const text of TEXTS.slice(0, VECTORS.length))
    await visit(`/customers?q=${encodeURIComponent(text)}`);
});
