// SPDX-License-Identifier: Apache-2.0
export const metrics = {
  purpose: "Any of the numbers, divided by anything that is known of a receipt.",
  sentence: "In {period}, of {filters}.",
  figures: "Numbers",
  figuresHint: "Choose one or more",
  dimensions: "Divided by",
  dimensionsHint: "At most three",
  limit: "Rows at most",
  all: "All numbers there are",
  allHint: "Each is defined once; reports, exports and the command line show the same.",
  chartOf: "{metric} by {dimension}",
  and: " and ",
  notStated: "not stated",
  chartSummary: "{metric} by {dimension}: {count} rows, the first is {first} with {value}.",
} as const;
