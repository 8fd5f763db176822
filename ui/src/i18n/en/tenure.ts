// SPDX-License-Identifier: Apache-2.0
export const tenure = {
  purpose: "How long customers stay, when they come back, and who comes back after a silence.",
  filterSentence: "Known customers and their purchases in {period}, of {filters}.",
  warnings: "Read with care",
  notYet: "Not yet",
  countDays: { one: "{count} day", other: "{count} days" },
  ofCustomers: { one: "of {count} customer", other: "of {count} customers" },
  secondMedian: "Half have bought again after",
  gapMedian: "Between two purchases, half of the time",
  ofRepeats: "of {repeats} repeat purchases",
  silenceIs: "A silence is",
  silenceGiven: "as it was asked for",
  silenceChosen: "nine of ten who came back had by then",
  silenceMedian: "Half have fallen silent after",
  silenceMedianNote: "from the first purchase on",
  low: "From",
  high: "To",
  days: "Days",
  month: "Month",
  monthsSince: "Months since the first purchase",
  daysSinceFirst: "Days since the first purchase",
  cohorts: "Newcomers who buy in a later month",
  cohortsHint: "Thin lines are intervals of 95 percent; the last months rest on few cohorts.",
  cohortsSummary: "{first} of newcomers buy one month after their first purchase, {last} in the " +
    "last month that is known.",
  rates: "Retention rate",
  ratesHint:
    "Of customers who bought within {days} days before the month, those who bought within as " +
    "many days from its first on. The churn rate is the rest.",
  ratesSummary: "In the last month that is known {last} of the active customers bought again.",
  rate: "Bought again",
  noRates: "No month has passed for long enough to say who came back.",
  second: "Customers with a second purchase",
  secondHint:
    "Customers who have only just come count for as long as they have been known (Kaplan-Meier).",
  secondSummary: "By the end {last} have bought a second time.",
  silence: "Customers who have not fallen silent",
  silenceHint:
    "Who buys nothing for {days} days has fallen silent, and may come back. Before that day " +
    "nobody can have; on it all do who bought once only.",
  silenceSummary: "By the end {last} have not fallen silent.",
  gaps: "Days between purchases",
  gapsHint: "Of who came back. Longer gaps are still under way and missing here.",
  gapsSummary: "Half of the repeat purchases come within {half} days, nine of ten within {most}.",
  noGaps: "Nobody has bought a second time yet.",
  repeatPurchases: "Repeat purchases",
  winBack: "Who comes back after a silence",
  winBackHint:
    "Of customers who have bought nothing for so many days: the share that does within the days " +
    "that follow, by itself and by all that was done for it.",
  winBackSummary:
    "Of who has been silent for {days} days, {month} come back within 30 days and {quarter} " +
    "within 90.",
  silentDays: "Days of silence so far",
  back30: "Within 30 days",
  back90: "Within 90 days",
  back365: "Within a year",
  contracts: "If each month’s purchase is a renewal",
  contractsHint:
    "For subscriptions and other contracts only: a month without a purchase ends one. Choose " +
    "their products with a filter. The dashed line is the shifted beta-geometric model, twelve " +
    "months beyond what is known.",
  contractsSummary:
    "{first} renewed the first time; the projection ends at {last}, when {rate} of those who are " +
    "left renew each month.",
  noContracts: "No month is over yet.",
  renewals: "Renewals",
  renewed: "Renewed so often",
  projected: "Projected",
  categories: "Days between purchases of one category",
  categoriesHint: "Of all sales in the period, the categories that are bought again most often.",
  noCategories: "Products have no category here, or nobody bought from one twice.",
  reasons: "Reasons that customers gave",
  reasonsHint: "Events of surveys, tickets and notes that have a property “reason”.",
  noReasons: "No event has a property “reason”. Import surveys or tickets as events to see them.",
} as const;
