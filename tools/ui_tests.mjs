// SPDX-License-Identifier: Apache-2.0
// Runs every *.test.ts of the web app and of the tag with node's own test runner; closes with the line that
// ./dev test adds up. What needs a browser is not tested here.
//
//   node tools/ui_tests.mjs [WORD…]    only files whose path holds one of the words
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { run } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "ui");
const made = join(root, ".cache", "ui-tests");
const words = process.argv.slice(2);

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return entry.name.endsWith(".test.ts") ? [path] : [];
  });
}

const wanted = ["src", "tag"].flatMap((folder) => testFiles(join(source, folder)))
  .filter((path) => words.length === 0 || words.some((word) => path.includes(word)));

rmSync(made, { recursive: true, force: true });
mkdirSync(made, { recursive: true });
buildSync({
  entryPoints: wanted,
  bundle: true,
  external: ["esbuild"],
  platform: "node",
  format: "esm",
  outdir: made,
  outbase: source,
  entryNames: "[dir]/[name]",
  outExtension: { ".js": ".mjs" },
  tsconfig: join(root, "ui", "tsconfig.json"),
  logLevel: "warning",
});

const files = wanted.map((path) =>
  join(made, path.slice(source.length).replace(/\.ts$/, ".mjs")));
let passed = 0;
let failed = 0;

// A file counts as a test around its own; only those with none within are counted.
const isFile = (name) => files.some((path) => path === name || basename(path) === basename(name));

for await (const { type, data } of run({ files, concurrency: 1 })) {
  if (type === "test:pass" && !isFile(data.name)) {
    passed += 1;
    console.log(`ok   ${data.name}`);
  } else if (type === "test:fail" && !isFile(data.name)) {
    failed += 1;
    console.log(`FAIL ${data.name}\n${data.details?.error?.cause?.stack ?? data.details?.error}`);
  } else if (type === "test:fail" && data.details?.error?.failureType !== "subtestsFailed") {
    failed += 1;
    console.log(`FAIL ${data.name}\n${data.details?.error?.cause ?? data.details?.error}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
