// SPDX-License-Identifier: Apache-2.0
export const churn = {
  purpose:
    "Who will leave: customers by the probability of buying nothing for a while, and what speaks " +
    "for it.",
  run: "Estimate now",
  runAgain: "Estimate again",
  never: "Nothing was estimated yet",
  neverHint:
    "From a year of receipts that name customers this page will show who is likely to leave and " +
    "why, and how well that would have been known in past months.",
  refused: "No model may be used",
  warnings: "Read with care",
  leave: "Buy nothing for {days} days",
  ofCustomers: {
    one: "expected of {count} customer who is scored",
    other: "expected of {count} customers who are scored",
  },
  past: "Left in the past",
  pastNote: {
    one: "of the customers of {count} month tested",
    other: "of the customers of {count} months tested",
  },
  order: "Pairs in the right order",
  orderNote: "one who left, one who stayed; a coin has 50 percent",
  model: "Best model",
  asOf: "As of {day}, estimated {ran}",
  calibration: "Expected and actual shares who left",
  calibrationHint:
    "Past customers in ten equal parts, the likeliest to leave first. Where the line meets the " +
    "bars, probabilities can be taken as they are; marks are intervals of 95 percent, in which " +
    "the months of one customer count together.",
  calibrationSummary:
    "Of the tenth at the highest risk {high} were expected to leave and {highActual} did; of " +
    "that at the lowest {low} and {lowActual}.",
  actual: "Actual",
  expected: "Expected",
  low: "Actual, from",
  high: "Actual, to",
  tenthsAxis: "Tenth of the customers, by risk",
  lift: "Whom you reach when you ask the model",
  liftHint:
    "Write to so many customers, the likeliest to leave first: so many of those who left are " +
    "among them.",
  liftSummary:
    "The tenth at the highest risk holds {first} of all who left, {lift} times as many as " +
    "chance; three tenths hold {third}.",
  liftAxis: "Customers, by risk",
  byModel: "By the model",
  byChance: "By chance",
  drivers: "What moves the scores",
  driversHint:
    "By how much each fact moves the log-odds of leaving, on average over all customers. That is " +
    "how the model computes, not why people leave; facts that go together share their effect.",
  driversSummary: "“{first}” moves the scores most, “{second}” next.",
  raises: "More of it goes with a higher risk",
  lowers: "More of it goes with a lower risk",
  bands: "Customers of today",
  bandsHint: "How many customers have which probability of leaving.",
  bandsSummary: "{likely} of {all} customers are more likely to leave than to stay.",
  bandsAxis: "Probability of leaving",
  customers: "Customers",
  atRisk: "Likeliest to leave",
  atRiskHint:
    "With the two facts that moved the score most: above 0 towards leaving, below 0 away from " +
    "it. The lifetime value, where it was estimated, says who is worth keeping.",
  computed: "How this is computed",
  computedHint:
    "Customers are those who bought within {active} days; who buys nothing within the next " +
    "{horizon} has left. Each past month was forecast by models that knew only what was known " +
    "then. The best one beat the naive one in {won} of {months} months (log-loss {loss} against " +
    "{naive}){then}",
  computedUsed: " and was then taught by the newest months.",
  computedRefused: "; that is not enough, so it was taught nothing more and scores nobody.",
  models: "Models, measured on past months",
  months: "Past months",
  customerTile: "Likely to leave",
  speaksFor: "for it speaks most: {reason}",
  speaksAgainst: "against it speaks most: {reason}",
} as const;
