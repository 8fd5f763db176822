// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "./failure";
import { once, takesKey } from "./once";

const lost = () => new ApiError({ code: "unreachable", message: "the server does not answer" }, 0);
const running = () => new ApiError({ code: "conflict", message: "still runs" }, 409, 1);
const refused = () => new ApiError({ code: "invalid", message: "no" }, 400);

// Sends `request` while `answers` last: an error is thrown, anything else given. Gives the keys.
async function keysOf(request: string, ...answers: unknown[]): Promise<string[]> {
  const keys: string[] = [];

  await once(request, (key) => {
    const answer = answers[keys.length];
    keys.push(key);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }).catch((error: unknown) => assert.ok(answers.includes(error)));
  return keys;
}

test("every request has a key of its own, of 128 bits", async () => {
  const [first] = await keysOf("a", 1);
  const [second] = await keysOf("a", 1);
  assert.match(first!, /^[0-9a-f]{32}$/);
  assert.notEqual(first, second);
});

test("a lost answer is asked for again with the same key, now and later", async () => {
  const before = await keysOf("b", lost(), lost(), lost());
  const [other] = await keysOf("c", 1);
  const after = await keysOf("b", lost(), 1);
  const [anew] = await keysOf("b", 1);

  assert.equal(before.length, 3);
  assert.equal(after.length, 2);
  assert.equal(new Set([...before, ...after]).size, 1);
  assert.ok(!before.includes(other!));
  assert.ok(!before.includes(anew!));
});

test("a first try that still runs is waited for", async () => {
  const keys = await keysOf("d", lost(), running(), 1);
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 1);
});

test("what the server refused is not asked again, and has another key the next time", async () => {
  const keys = [...await keysOf("e", refused()), ...await keysOf("e", 1)];
  assert.equal(new Set(keys).size, 2);
});

test("a conflict behind a lost answer says that it was lost", async () => {
  const conflict = new ApiError({ code: "conflict", message: "done already" }, 409);
  const sent = [lost(), conflict];

  await assert.rejects(once("g", () => Promise.reject(sent.shift())), { code: "answer_lost" });
  await assert.rejects(once("g", () => Promise.reject(conflict)), { code: "conflict" });
});

test("what was given up keeps its key, as it may have been done", async () => {
  const keys = [...await keysOf("f", new DOMException("given up", "AbortError")),
                ...await keysOf("f", 1)];
  assert.equal(keys.length, 2);
  assert.equal(new Set(keys).size, 1);
});

test("only requests that make something take a key", () => {
  assert.ok(takesKey("/api/v1/segments"));
  assert.ok(takesKey("/api/v1/segments/best%20ones/export"));
  assert.ok(!takesKey("/api/v1/segments/count"));
  assert.ok(!takesKey("/api/v1/session"));
  assert.ok(!takesKey("/api/v1/jobs/12/cancel"));
});
