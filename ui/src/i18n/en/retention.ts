// SPDX-License-Identifier: Apache-2.0
export const retention = {
  purpose:
    "Who comes back: customers by the month of their first purchase, and how many buy " +
    "again so many months later.",
  filterSentence:
    "Customers who first bought in {period} and their later purchases in it, of " +
    "{filters}.",
  triangle: "Cohorts by months since the first purchase",
  triangleHint:
    "Each row is everybody who first bought in that month. Darker: more of them bought " +
    "again.",
  caption:
    "Rows are months of first purchase, columns months since; cells are customers who " +
    "bought again.",
  cohort: "First purchase",
  unit: "Percent or customers",
  percent: "Percent",
  cell: "{count} customers, {share}",
  curves: "Retention curves",
  curvesHint:
    "The strong line is all cohorts together, as far as each is known; thin lines are " +
    "single cohorts.",
  monthsSince: "Months since the first purchase",
  allCohorts: "All cohorts",
  curveSummary:
    "Of all customers, {first} buy again one month after their first purchase, {last} " +
    "after {month} months.",
} as const;
