// SPDX-License-Identifier: Apache-2.0
// Runs the tests of the web app in a browser, one file after the other, and ends with "N passed, N
// failed", as ./dev test wants it.
//
//   node tools/browser_tests.mjs [WORD…]    tests/browser/*_test.mjs whose name holds a WORD
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "node:test";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../tests/browser", import.meta.url));
const LONGEST_MS = 60 * 60_000; // of one file, on a machine that does much else

function show(word, { name, details }) {
  console.log(`${word.padEnd(4)} ${name.padEnd(84)} ${Math.round(details.duration_ms)} ms`);
}

// A file is reported as a test, too, by some versions of node.
function isFile({ name }, files) {
  return files.some((file) => file === name || file.endsWith(`/${name}`));
}

function tellFailure(data) {
  const { error } = data.details;
  const cause = error?.cause ?? error;

  show("FAIL", data);
  console.log(String(cause?.code === "ERR_ASSERTION" ? cause.message : cause?.stack ?? cause)
    .replace(/^/gm, "     "));
}

async function runAll(files) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const stream = run({ files, concurrency: false, timeout: LONGEST_MS });

  stream.on("test:pass", (data) => {
    if (isFile(data, files) || data.details.type === "suite") return;
    const word = data.skip === undefined ? "ok" : "skip";

    count[word === "ok" ? "passed" : "skipped"]++;
    show(word, data);
  });
  stream.on("test:fail", (data) => {
    // What fails because of a test in it is not counted besides that one.
    if (data.details.error?.failureType === "subtestsFailed") return;
    count.failed++;
    tellFailure(data);
  });
  stream.on("test:stdout", ({ message }) => process.stdout.write(message));
  await new Promise((resolve) => stream.on("end", resolve).resume());
  return count;
}

const words = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith("_test.mjs"))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .sort()
  .map((name) => join(folder, name));
const { passed, failed, skipped } = await runAll(files);

console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
