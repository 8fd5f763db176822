// SPDX-License-Identifier: Apache-2.0
// Sends with Segment's own library for Node, unchanged: node tests/collect_sdk.mjs URL KEY. Ends
// with 0 when the library was told that all was taken.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ host, writeKey, maxEventsInBatch: 20, flushInterval: 200 });
let failures = 0;

analytics.on("error", (error) => {
  failures += 1;
  console.error(error.code, error.reason ?? "");
});

const userId = "sdk-1";
const anonymousId = "sdk-visitor";
analytics.page({ anonymousId, name: "Home", properties: { path: "/" } });
analytics.identify({ userId, anonymousId, traits: { email: "sdk@example.com", firstName: "Ada" } });
analytics.group({ userId, groupId: "club", traits: { name: "Club" } });
analytics.screen({ userId, name: "Basket" });
analytics.alias({ userId: "sdk-2", previousId: "sdk-other-visitor" });
for (let number = 0; number < 100; number += 1)
  analytics.track({ userId, event: "Counted", properties: { number }, timestamp: new Date() });
await analytics.closeAndFlush();
process.exit(failures === 0 ? 0 : 1);
