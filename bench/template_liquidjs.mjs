// SPDX-License-Identifier: Apache-2.0
// The same templates by LiquidJS, parsed once, values escaped as in HTML.
//
//   node template_liquidjs.mjs SECONDS TEMPLATE VALUES [html|text]
import { readFileSync } from "node:fs";
import { Liquid } from "liquidjs";

const [seconds, template, values, kind] = process.argv.slice(2);
const engine = new Liquid({ outputEscape: kind === "html" ? "escape" : undefined });
const parsed = engine.parse(readFileSync(template, "utf8"));
const data = JSON.parse(readFileSync(values, "utf8"));

if (seconds === "show") {
  process.stdout.write(engine.renderSync(parsed, data));
} else {
  let count = 0;
  let bytes = 0;
  const rendered = (milliseconds) => {
    const begin = performance.now();
    for (count = 0; performance.now() - begin < milliseconds;)
      for (let i = 0; i < 20; i++, count++) bytes = engine.renderSync(parsed, data).length;
    return performance.now() - begin;
  };

  rendered(1000); // so that what is measured is compiled
  const took = rendered(Number(seconds) * 1000);
  console.log([count, Math.round(took * 1000), bytes, 0].join("\t"));
}
