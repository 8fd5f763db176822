// SPDX-License-Identifier: Apache-2.0
export const lifetimeValue = {
  purpose:
    "What each known customer will buy and be worth, from when and how often they bought so far.",
  run: "Estimate now",
  runAgain: "Estimate again",
  never: "Nothing was estimated yet",
  neverHint:
    "From receipts that name customers this page will show who is still a customer, what they " +
    "will buy and what that is worth, and how well such a forecast would have done so far.",
  value: "Value within {months} months",
  valueNote: "{margin} margin, discounted by {discount} a year",
  purchases: "Expected days of purchase",
  opportunities: "Expected opportunities taken",
  interval: "{low} to {high} in nine cases of ten",
  noInterval: "The data give no interval",
  alive: "Customers still alive",
  ofCustomers: { one: "of {count} customer", other: "of {count} customers" },
  model: "Model",
  asOf: "As of {day}, estimated {ran}",
  options: "Ask again",
  optionsHint: "What the next estimate looks at. It takes the place of this one, which is kept.",
  months: "Months ahead",
  discount: "Discount a year, in percent",
  margin: "Margin, in percent of the gross amount",
  which: "Model",
  model_best: "The one that forecasts best",
  model_bg_nbd: "BG/NBD",
  model_mbg_nbd: "MBG/NBD",
  model_pareto_nbd: "Pareto/NBD",
  model_bg_bb: "BG/BB (opportunities)",
  model_contract: "Shifted beta-geometric (contracts)",
  opportunity: "Days that an opportunity lasts",
  opportunityHint:
    "Empty: customers may buy on any day. A weekly market: 7, a monthly fee: 31, a yearly one: " +
    "366. All purchases at one opportunity count as one.",
  opportunityMissing: "This model counts opportunities: say how long one lasts",
  holdOut: "Days to test models on (empty: a third)",
  asOfDay: "As of (empty: the last day)",
  warnings: "Read with care",
  trusted:
    "On the part of the data that it had not seen, the forecast of all purchases was {off} off; " +
    "nothing else speaks against reading it.",
  byRepeats: "Expected and actual purchases, by customer",
  byRepeatsHint:
    "The model saw the first part of the data only. Where the bars agree, it knew what customers " +
    "would do.",
  byRepeatsSummary:
    "Customers who had not come back bought {none} times in the hold-out, {noneExpected} were " +
    "expected; those who had come back most often {many}, {manyExpected} were expected.",
  repeatsBefore: "Days of purchase after the first, until the hold-out",
  byDay: "Purchases in the hold-out, added up",
  byDayHint: "A line that bends away is a season, a campaign or a change in trade.",
  byDaySummary: "{actual} purchases were made in the hold-out, {expected} were expected.",
  actual: "Actual",
  expected: "Expected",
  aliveMap: "Who is still a customer",
  aliveHint:
    "Who came often and has been away for long has probably left; who came once may just be slow.",
  aliveCaption:
    "Rows are days of purchase after the first, columns weeks since the last purchase; cells are " +
    "the mean probability of being alive.",
  repeats: "Repeats",
  weeks: "{weeks} weeks",
  aliveCell: { one: "{count} customer", other: "{count} customers" },
  tenths: "How value is spread",
  tenthsHint: "Customers by value in ten equal parts, the most valuable first.",
  tenthsSummary:
    "The most valuable tenth of the customers stands for {first} of the value, the more valuable " +
    "half for {half}.",
  tenthsAxis: "Tenth of the customers",
  ofValue: "Of all value",
  cohorts: "By the time of the first purchase",
  cohortsHint:
    "The model fitted to the customers of each time by themselves: what a new one of them buys " +
    "within a year of the first purchase, with its interval of nine cases in ten.",
  cohortAxis: "First purchase from",
  newcomer: "In the first year",
  atLeast: "At least",
  atMost: "At most",
  mostValuable: "Most valuable customers",
  mostValuableHint:
    "Estimates for single customers are uncertain; their order tells more than their amounts.",
  computed: "How this is computed",
  computedHint:
    "Sales from {from} to {split} taught the models, those until {end} tested them; {model} made " +
    "the smallest error and was then taught by all of them. Purchases of {day} are one; refunds " +
    "are none.",
  ofDay: "a day",
  ofOpportunity: "{count} days",
  models: "Models, measured on the hold-out",
  parameters: "Parameters of the estimate",
} as const;
