// SPDX-License-Identifier: Apache-2.0
export const attribution = {
  purpose:
    "Which channels and campaigns stood before sales, by nine rules side by side. It divides up " +
    "what happened; what would have happened without them only an experiment tells.",
  run: "Attribute now",
  runAgain: "Attribute again",
  never: "Nothing was attributed yet",
  neverHint:
    "From visits, clicks and campaigns before each sale this page will show which channels lead " +
    "to sales, what they return for what they cost, and how much that depends on the rule.",
  sales: "Sales with a touch before",
  salesNote: "of {sales} sales of known customers",
  value: "Value of these sales",
  valueNote: "{value} more had no touch before",
  chance: "Journeys that ended in a sale",
  chanceNote: "{nulls} came to nothing",
  period: "A touch counts for",
  periodNote: "Sales {from} to {until}, attributed {ran}",
  picture: "How much the answer depends on the rule",
  pictureHint:
    "Each channel's share of the sales: the bar reaches from the least to the most that any rule " +
    "gives it. Where it is short all rules agree; where it is long the choice of the rule " +
    "decides.",
  pictureSummary: "{name} gets {least} to {most} of the credit.",
  spread: "Credit by channel, least and most",
  reading: "What it says",
  warnings: "Read with care",
  credit: "Credit by rule",
  creditHint: "The sum of each column is the same: rules differ in how they divide it.",
  creditShort: "Channels, sales",
  values: "Value by rule",
  valuesShort: "Channels, value",
  campaign_credit: "Credit of campaigns by rule",
  campaign_creditShort: "Campaigns, sales",
  campaign_values: "Value of campaigns by rule",
  campaign_valuesShort: "Campaigns, value",
  returns: "Cost and return",
  returnsHint:
    "Credited value for each 1 spent, by the Markov rule and by the rules that are hardest and " +
    "kindest to the channel. Note costs down below. It is no return on what the next 1 brings.",
  lengths: "Touches of a journey",
  lengthsHint: "With one touch only, all rules say the same.",
  lengthsSummary: "{one} of the sales followed a single touch.",
  touches: "Touches",
  withSale: "Ended in a sale",
  withoutSale: "Came to nothing",
  times: "From the first touch to the sale",
  timesHint: "Where many sales lie at the far end, look back longer.",
  timesSummary: "{sameDay} of the sales came less than a day after the first touch.",
  days: "{days} days",
  daysAxis: "Days",
  topPaths: "Paths to a sale",
  topPathsHint: "The most frequent ones; the first touch stands first.",
  options: "Ask again",
  optionsHint: "Another period, another window, and what channels cost in that period.",
  from: "Sales from",
  until: "Sales until",
  lookBack: "A touch counts for days",
  which: "Sales that count",
  which_all: "All",
  which_first: "First of each customer",
  which_new: "First of new customers",
  order: "Markov: touches remembered",
  withNulls: "Markov learns from journeys without a sale, too",
  costs: "Cost of each channel in the period, for this run only",
  costsHint: "Empty: what is noted down above.",
  noted: "What channels cost",
  notedHint:
    "Every attribution reads the costs of its period; of those that reach beyond it, the share " +
    "of the days. Costs of one channel add up.",
  noneNoted: "Nothing is noted down yet.",
  channel: "Channel",
  costFrom: "Cost from",
  costUntil: "Cost until",
  amount: "Amount",
  currency: "Currency",
  noteDown: "Note down",
  takeAway: "Take away",
  computed: "How this is computed",
  computedHint:
    "Touches of the last {days} days before each sale, on any device of a customer, make {paths} " +
    "distinct paths. The Markov chain remembers {order} and has {states} states; a channel's " +
    "removal effect is the share of sales lost when whoever it would touch goes away instead, " +
    "solved exactly. Other orders, and chains of sales only, for comparison:",
  orders: "Markov credit by order",
} as const;
