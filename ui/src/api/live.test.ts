// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryClient } from "@tanstack/react-query";
import { jobPath, type Job } from "./job";
import { receive } from "./live";
import { keyOf } from "./queries";

const importsKey = keyOf("/api/v1/imports/7");
const job = (state: Job["state"]) => ({ id: "1", state }) as Job;

function isStale(client: QueryClient): boolean {
  return client.getQueryState(importsKey)!.isInvalidated;
}

test("the end of a job makes stale what it changed, even when an answer told of it first", () => {
  const client = new QueryClient();

  receive(client, job("running"));
  client.setQueryData(importsKey, {});
  client.setQueryData(keyOf(jobPath("1")), job("done")); // asked for before it was heard
  receive(client, job("done"));
  assert.equal(isStale(client), true);
});

test("what is heard a second time makes nothing stale", () => {
  const client = new QueryClient();

  receive(client, job("done"));
  client.setQueryData(importsKey, {});
  receive(client, job("done"));
  assert.equal(isStale(client), false);
});
