// SPDX-License-Identifier: Apache-2.0
export const rfm = {
  purpose:
    "Who bought lately (R), who often (F), who for much (M): every customer scored from 1" +
    " to 5, and the groups that these scores make.",
  filterSentence: "Customers who bought in {period}, counting {filters}.",
  scored: "Customers scored",
  asOf: "as of {day}",
  recency: "Days since last purchase, median",
  frequency: "Receipts, median",
  monetary: "Spent, median",
  mean: "mean {mean}",
  map: "Recency by frequency",
  mapHint: "A fifth of the customers has each score. Choose a cell to see its group.",
  mapRulesHint: "Scores are by the limits below. Choose a cell to see its group.",
  rules: "Limits instead of fifths",
  rulesHint:
    "Four rising numbers each; without them a fifth of the customers has each score. With limits " +
    "a score means the same next year, whatever other customers do.",
  recencyEdges: "Days since the last purchase: at most the first scores 5",
  frequencyEdges: "Receipts: at least the last scores 5",
  monetaryEdges: "Spent: at least the last scores 5",
  useRules: "Score by these limits",
  useFifths: "Back to fifths",
  rulesSegmentHint: "Segments know fifths alone: none is made of a group by limits.",
  measure: "What the colours show",
  recencyAxis: "↑ bought more recently",
  frequencyAxis: "bought more often →",
  cellPlace: "R {recency}, F {frequency}:",
  cellAlso: "{customers} customers, {revenue}",
  groupShares: "Groups by customers and revenue",
  groupSummary: "{group} are {customers} of the customers and bring {revenue} of the revenue.",
  groups: "Groups",
  showCustomers: "Customers",
  showCustomersOf: "Show the customers of {group}",
  customersOf: "Customers of {group}",
  noNumber: "without a number",
  makeSegment: "Make a segment",
  makeSegmentOf: "Make a segment of {group}",
  segmentHint:
    "A segment of the group holds the same customers, and follows them: scores are worked out " +
    "anew whenever it is evaluated.",
  segmentDescription: "{group} of the RFM report as of {day}",
} as const;
