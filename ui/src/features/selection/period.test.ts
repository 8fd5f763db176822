// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays, addYears, nameYearBefore, periodOf, yearBefore } from "./period";

test("days and years are those of the calendar", () => {
  assert.equal(addDays("2011-12-31", 1), "2012-01-01");
  assert.equal(addDays("2012-03-01", -1), "2012-02-29");
  assert.equal(addYears("2012-02-29", -1), "2011-02-28");
  assert.equal(addYears("2011-02-28", 1), "2012-02-28");
});

test("presets end with the last day that there is", () => {
  assert.deepEqual(periodOf("last30", "2011-12-09"), { from: "2011-11-10", to: "2011-12-09" });
  assert.deepEqual(periodOf("last12months", "2011-12-09"),
    { from: "2011-01-01", to: "2011-12-09" });
  assert.deepEqual(periodOf("last12months", "2011-03-31"),
    { from: "2010-04-01", to: "2011-03-31" });
  assert.deepEqual(periodOf("lastYear", "2011-12-09"), { from: "2010-01-01", to: "2010-12-31" });
  assert.deepEqual(periodOf("all", "2011-12-09"), {});
});

test("a year before has the same bounds, open ones stay open", () => {
  assert.deepEqual(yearBefore({ from: "2012-02-29", to: "2012-03-31" }),
    { from: "2011-02-28", to: "2011-03-31" });
  assert.deepEqual(yearBefore({ to: "2011-12-09" }), { to: "2010-12-09" });
  assert.equal(nameYearBefore("2011-Q1"), "2010-Q1");
  assert.equal(nameYearBefore("2012-02-29"), "2011-02-28");
  assert.equal(nameYearBefore("2011"), "2010");
});
