// SPDX-License-Identifier: Apache-2.0
export const forecast = {
  purpose:
    "What the coming days, weeks or months may bring, with the range it may lie in, and how " +
    "well such a forecast would have done so far.",
  never: "Nothing was forecast yet",
  neverHint:
    "From your receipts this page will show what revenue, receipts and customers come next, in " +
    "total and by store and category, beside a test of each forecast on the past.",
  run: "Forecast now",
  runAgain: "Forecast again",
  again: "Another forecast",
  againHint: "It takes the place of this one; this one's totals are kept.",
  grain: "Periods",
  auto: "As suits the data",
  day: "Days",
  week: "Weeks",
  month: "Months",
  horizon: "How many ahead",
  usual: "As usual",
  metrics: "Of",
  metric: "Metric",
  by: "By",
  fan: "{metric}: what was, and what may come",
  reading:
    "{period}: about {mean}. In four cases of five it lies between {low} and {high}, if what " +
    "comes is like what was.",
  readingBare: "{period}: about {mean}. The data are too few to give a range.",
  fanSummary:
    "{metric}: {sum} in all in the {count} periods ahead, {first} in the first one, where four " +
    "cases of five lie between {low} and {high}.",
  fanSummaryEach:
    "{metric}: {sum} on average in each of the {count} periods ahead, {first} in the first one, " +
    "where four cases of five lie between {low} and {high}.",
  ahead: "Forecast",
  past: "Past",
  forecast: "Forecast",
  range80: "80 of 100 cases",
  range95: "95 of 100 cases",
  sum_day: { one: "Next day", other: "Next {count} days" },
  sum_week: { one: "Next week", other: "Next {count} weeks" },
  sum_month: { one: "Next month", other: "Next {count} months" },
  each_day: { one: "In the next day", other: "A day, over the next {count}" },
  each_week: { one: "In the next week", other: "A week, over the next {count}" },
  each_month: { one: "In the next month", other: "A month, over the next {count}" },
  sumNote: "against as many before",
  sumRange: "four of five cases: {low} to {high}; change against as many before",
  model: "Method used",
  method_naive: "Naive",
  method_theta: "Theta",
  method_ets: "ETS",
  error: "Error on the past",
  errorNote: "naive: {naive}",
  covered: "Past within the 80% range",
  asOf: "As of {day}, made {ran}",
  warnings: "When not to trust it",
  always:
    "Promotions, prices, openings and holidays that move, such as Easter, are not known to any " +
    "of these methods: they continue what was.",
  tests: "Tried on the past, beside the naive forecast",
  testsHint: {
    one:
      "From {count} point in the past, {ahead} periods ahead, with what was known then. The " +
      "naive forecast is the last season, or value, again; an error (MASE) below its own is " +
      "what a method is for.",
    other:
      "From {count} points in the past, {ahead} periods ahead, with what was known then. The " +
      "naive forecast is the last season, or value, again; an error (MASE) below its own is " +
      "what a method is for.",
  },
  testsNaive: {
    one:
      "From {count} point in the past, {ahead} periods ahead, nothing was better than the naive " +
      "forecast, the last season or value again: use it.",
    other:
      "From {count} points in the past, {ahead} periods ahead, nothing was better than the " +
      "naive forecast, the last season or value again: use it.",
  },
  testsNone: "There are too few periods to try a forecast on the past.",
  parts: "Part by part",
  partsHint:
    "The largest first; each picture has a scale of its own. The change is that of the forecast " +
    "against as many periods before.",
  noParts: "This forecast was made of the totals only.",
  partsGone: "The parts of this forecast are no longer kept: those of the ten latest are.",
  notStated: "Not stated",
  card: "{sum} ahead · {model}",
  cardEach: "{sum} each · {model}",
  cardSummary: "{name}: {last} in the last period, {next} forecast for the next.",
  sums: "Sums of the parts",
  sumsHint:
    "Each series is forecast by itself, so the parts need not add up to the total: for the " +
    "whole, take the total's. Receipts and customers with several categories count in each of " +
    "them, customers of several periods in each of those.",
  computed: "How this is computed",
  computedHint:
    "Sales from {from} to {to}, a season of {season} periods, {series} series, of which {naive} " +
    "use the naive forecast. Simulated ranges: {paths} ways to go on, seed {seed}.",
  skipped:
    "Incomplete periods are left out: {first} days at the beginning, {last} at the end.",
  closed: {
    one: "On {count} day nothing was sold anywhere; it was filled from the weeks around it.",
    other:
      "On {count} days nothing was sold anywhere; they were filled from the weeks around them.",
  },
  closedWeekdays: {
    one: "{count} weekday is closed and no period.",
    other: "{count} weekdays are closed and no periods.",
  },
  leftOut: {
    one: "{count} smaller series was left out.",
    other: "{count} smaller series were left out.",
  },
  ranges:
    "A period without a sale counts as 0 once a series has begun. Exponential smoothing is " +
    "chosen among 15 forms by AICc; ranges are normal for additive forms, simulated for the " +
    "others, and never below 0 where the past seldom was.",
} as const;
