// SPDX-License-Identifier: Apache-2.0
// A shop of somebody else on an origin of its own, whose pages carry the tag; and what is looked at
// there: what the device keeps, and which requests went to the collector.
import { createServer } from "node:http";

const SNIPPET = (base, key) => `<script>
  window.tessera = window.tessera || [];
  for (const name of ["page", "track", "identify", "group", "alias", "reset", "consent", "ready"])
    tessera[name] = (...words) => tessera.push([name, ...words]);
</script>
<script async src="${base}/t.js" data-write-key="${key}"></script>`;

const page = (title, body, lang, snippet) => `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}
.far{margin-top:150vh;min-height:100px}</style>${snippet}</head><body><main>${body}</main></body></html>`;

const BODIES = {
  "/": ["Gardens", `<h1>Gardens &amp; Co</h1>
    <p>Spades, seeds and advice since 1921.</p>
    <p><a href="/product/85123A">Heart lantern</a></p>
    <button data-tessera-event="Cart Opened" data-tessera-prop-cart-id="c7">Cart</button>
    <form action="/thanks" data-tessera-event="Newsletter Ordered" data-tessera-prop-list="garden">
      <label>E-mail <input type="email" name="email"></label>
      <button>Subscribe</button></form>
    <button id="privacy" data-tessera-consent>Your data</button>
    <div class="far" id="offer">An offer that is far down</div>`],
  "/product/85123A": ["Heart lantern", `<h1>Heart lantern</h1>
    <p class="price" data-price="2.55">2,55 €</p>
    <button class="buy" data-sku="85123A">Put into the <b>cart</b></button>`],
  "/thanks": ["Thanks", "<h1>Thank you</h1>"],
  "/at": ["Garten", "<h1>Garten &amp; Co</h1>", "de-AT"],
};

export class Shop {
  constructor(base, key) {
    this.server = createServer((request, response) => {
      const { pathname } = new URL(request.url, "http://shop");
      const found = BODIES[pathname];
      response.writeHead(found ? 200 : 404, { "content-type": "text/html; charset=utf-8" });
      response.end(found ? page(found[0], found[1], found[2] ?? "en", SNIPPET(base, key)) : "");
    });
  }

  async start() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://localhost:${this.server.address().port}`;
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

// Everything that a page can leave on a device.
export async function keptOn(page) {
  const kept = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: "caches" in window ? await caches.keys() : [],
  }));
  return { ...kept, cookies: await page.context().cookies() };
}

export const NOTHING = { local: {}, session: {}, databases: [], caches: [], cookies: [] };

const SENDS_AFTER_MS = 1500; // the tag's queue: after a second
const batches = new WeakMap(); // of a context: those that are under way

// The requests of a page to the collector, as "GET /t.js"; `sent` are the events in them, in order.
export function watchRequests(page, base) {
  const log = { lines: [], sent: [] };
  const underWay = new Set();
  const context = page.context();

  batches.set(context, underWay);
  context.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (!request.url().startsWith(base)) return;
    log.lines.push(`${request.method()} ${pathname}`);
    if (request.method() === "POST") log.sent.push(...JSON.parse(request.postData()).batch);
    if (pathname === "/v1/batch") underWay.add(request);
  });
  // The tag does not read the answer's body, so the request may never count as finished.
  context.on("response", (response) => underWay.delete(response.request()));
  context.on("requestfailed", (request) => underWay.delete(request));
  page.on("domcontentloaded", () => { // nobody tells what became of the former document's
    for (const request of underWay)
      if (request.frame().page() === page) underWay.delete(request);
  });
  return log;
}

// What waits in the queues of a context's pages is sent and answered: their clock, which
// clock.install() made ours, goes on by more than a queue waits.
export async function emptied(page) {
  const underWay = batches.get(page.context());

  await page.clock.runFor(SENDS_AFTER_MS);
  for (let quiet = 0; quiet < 3;) {
    await page.waitForTimeout(50);
    await page.evaluate(() => 0); // what the page does with an answer, it has done
    quiet = underWay.size === 0 ? quiet + 1 : 0;
  }
}
