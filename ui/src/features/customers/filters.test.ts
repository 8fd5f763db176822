// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  consentOf, filtersIn, noFilters, treeOfFilters, withFilters, type Filters,
} from "./filters";

const every: Filters = {
  country: ["France", "Spain"], bought: "notIn90", spentFrom: "100", spentTo: "250.50",
  consent: "!news of the week email", segment: "a & b", group: ["New"], has: ["email", "card"],
};

test("filters come back from the address, and leave the rest of it alone", () => {
  const address = withFilters(new URLSearchParams("q=ann&country=Italy"), every);

  assert.deepEqual(filtersIn(new URLSearchParams(address.toString())), every);
  assert.equal(address.get("q"), "ann");
  assert.equal(withFilters(address, noFilters).toString(), "q=ann");
});

test("what the address says and nobody knows is left out", () => {
  const filters = filtersIn(new URLSearchParams("bought=often&has=fax&has=phone"));

  assert.deepEqual(filters, { ...noFilters, has: ["phone"] });
});

test("all filters are one list of conditions", () => {
  assert.deepEqual(treeOfFilters(every), {
    all: [
      { attribute: "country", operator: "in", value: ["France", "Spain"] },
      { sales: "days_since_last", operator: ">=", value: 90 },
      { sales: "sum_gross", operator: ">=", value: 100 },
      { sales: "sum_gross", operator: "<=", value: 250.5 },
      { rfm: "group", operator: "in", value: ["New"] },
      { consent: "news of the week", channel: "email", operator: "not_granted" },
      { attribute: "has_email", operator: "is", value: true },
      { attribute: "has_card", operator: "is", value: true },
      { segment: "a & b", operator: "in" },
    ],
  });
});

test("no filters are no conditions, nor is an amount that is no number", () => {
  assert.equal(treeOfFilters(noFilters), undefined);
  assert.equal(treeOfFilters({ ...noFilters, spentFrom: "much" }), undefined);
});

test("a consent is a purpose and a channel", () => {
  assert.deepEqual(consentOf("newsletter email"),
    { purpose: "newsletter", channel: "email", isGiven: true });
  assert.equal(consentOf("newsletter"), undefined);
});
