// SPDX-License-Identifier: Apache-2.0
export const drivers = {
  purpose: "What goes with spend per receipt, visits and more, all else being equal.",
  notCauses: "What goes together is not what causes",
  notCausesHint:
    "Receipts with a coupon may be larger because of the coupon, or because it was given to " +
    "those who buy much. This page finds what is worth a test; only a test, with people chosen " +
    "by lot, tells what something does. What was not asked about may stand behind what is found.",
  of: "Compare",
  receipts: "Receipts",
  customers: "Customers",
  outcome: "What is to be explained",
  drivers: "What it may go with",
  driversHint: "Up to twelve. What the outcome is made of, such as lines of spend, hides the rest.",
  interplay: "Goes differently by",
  noInterplay: "Nothing",
  from: "From",
  to: "To",
  logarithm: "In percent (logarithm)",
  run: "Find what goes with it",
  never: "Nothing was asked yet",
  neverHint:
    "Choose above what is to be explained and what it may go with. The answer will show each " +
    "difference with its interval, how much all of them explain, and when not to trust it.",
  explained: "Explained",
  explainedNote: "of the differences in {outcome}",
  days: "{from} to {to}",
  leftOut: "Left out",
  leftOutNote: "rows of which a number is not known",
  coefficientCount: "Coefficients",
  ran: "found {ran}",
  effects: "What goes with {outcome}",
  effectsHint:
    "Points are differences from the usual level, lines where they lie in {percent} of 100 cases " +
    "(robust). Lines across zero may be chance. * per standard deviation of a number.",
  effectsHintLong:
    "{most} differences from the usual level, of the drivers that explain most, with lines " +
    "where they lie in {percent} of 100 cases (robust). Lines across zero may be chance. * per " +
    "standard deviation of a number.",
  effectsSummary: "{clear} of {all} differences stand clear of zero.",
  reading: "In words",
  shares: "How much each driver explains",
  sharesHint: "Of what the other drivers leave unexplained.",
  sharesSummary: "{driver} explains the most.",
  warnings: "Read with care",
  trusted: "The checks found nothing that speaks against reading it.",
  residuals: "What is left over",
  residualsHint: "A cloud without a shape is good; a funnel is why robust intervals are shown.",
  residualsSummary: "Residuals of a sample of rows beside what was expected of them.",
  quantiles: "Beside a normal law",
  quantilesHint: "On the dashed line when residuals are normal. With many rows it matters little.",
  quantilesSummary:
    "Residuals go from {low} to {high}, where a normal law goes to {normal} on either side.",
  leverages: "Rows that pull",
  leveragesHint: "To the right: unlike other rows. High or low and to the right: they pull.",
  leveragesSummary: "Residuals of a sample of rows beside their leverage.",
  expected: "Expected",
  studentised: "Residual, studentised",
  leverage: "Leverage",
  normal: "Normal law",
  sample: "A sample of rows",
  influential: "The most influential rows",
  influentialHint: "Without one of them the result would change the most (Cook's distance).",
  correlations: "Correlations",
  correlationsHint:
    "Of numbers, over {rows} rows, with intervals (Fisher) and q: p made good for the number " +
    "of pairs (Benjamini and Hochberg). Spearman's sees order only and bears outliers.",
  coefficients: "Coefficients",
  terms: "Drivers",
  computed: "How this is computed",
  computedHint:
    "Least squares by reflections (QR), blocks of rows at a time; levels against the most " +
    "frequent one; intervals by White's errors in the form HC3, classical ones beside them.",
  test: "{value} (p {p})",
  adjusted: "R², adjusted",
  deviation: "Residual deviation",
  breuschPagan: "Breusch–Pagan",
  durbinWatson: "Durbin–Watson",
  jarqueBera: "Jarque–Bera",
  shape: "Skewness · kurtosis",
  condition: "Condition, scaled (raw)",
  highestLeverage: "Highest leverage",
  highestCook: "Highest Cook's distance",
  counts: "Unusual rows",
  countsNote: "outlying · unlike others · influential",
} as const;
