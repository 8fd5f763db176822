// SPDX-License-Identifier: Apache-2.0
// Sales, VAT, leagues and spend.
export const reports = {
  figure: "Figure",
  by: "Divided by",
  day: "day",
  week: "week",
  month: "month",
  quarter: "quarter",
  year: "year",
  comparison: "Comparison",
  comparedNothing: "not compared",
  comparedYear: "compared with the year before",
  yearBefore: "Year before",
  change: "Change",
  numbers: "The numbers",
  customers: "Customers",
  revenue: "Revenue",

  salesPurpose: "What was sold, to how many, and how it changes.",
  salesSentence: "{figure}, by {by}, in {period}, {comparison}, of {filters}.",
  salesSummary:
    "{label} of {count} periods from {from} to {to}: {first} at first, {last} at last; " +
    "highest in {highest} with {high}, lowest in {lowest} with {low}.",

  bridgePurpose: "What the revenue of one period has more or less than that of another, and why.",
  bridgeSentence: "{period}, {comparison}, of {filters}.",
  bridgeYear: "beside the year before",
  bridgePrevious: "beside as many days before",
  bridgeBefore: "Before",
  bridgeNow: "Now",
  bridgeReceipts: "By receipts",
  bridgeReceiptsHint: "How many sales there were, how large they were, what came back.",
  bridgeArticles: "By articles",
  bridgeArticlesHint:
    "Volume at the former average price, mix towards dearer or cheaper articles, the price of " +
    "the same articles, and what came into or went out of the range.",
  bridgeCustomers: "By customers",
  bridgeCustomersHint: "What became of the customers of both periods.",
  bridgeSummary: "The greatest part: {effect}, {amount}.",
  bridgeNoChange: "Nothing changed.",
  bridgeNothingBefore: "Nothing was sold in the period before: all of it is new.",
  bridgeHalfBefore:
    "Sales are known from {day} on: of the period before a part is missing, and the change is " +
    "too large.",
  bridgeTrust: "How to read it",
  bridgeTrustHint:
    "Each picture divides the same change in another way; parts of two pictures must not be " +
    "added. They say what changed, not what made it change: a price that rose while fewer units " +
    "were sold stands in two places. Price and mix need articles whose codes stay the same; an " +
    "article with a new code is one that came while another went. Short periods show the " +
    "calendar (holidays, weekends) as much as the business.",

  vatPurpose: "VAT collected by rate and period, to the cent, refunds deducted.",
  vatSentence: "VAT by rate and {by}, in {period}, of {filters}.",
  vatBy: "VAT ({currency})",
  vatRates: "By rate",
  vatRatesHint: "All periods together.",
  vatRounding: "Each amount is rounded so that the rows add up to the exact total, rounded once.",
  vatSummary: "VAT of {total} in {count} periods, at the rates {rates}.",
  vatNone:
    "No VAT is stated on these receipts. If their prices hold VAT, give its rate when they are " +
    "imported.",
  rateNotStated: "not stated",
  net: "Net",
  vat: "VAT",
  gross: "Gross",

  storesPurpose: "Which stores sell most, and their share of the whole.",
  storesSentence: "Stores by gross revenue, in {period}, of {filters}.",
  storeNone: "no store",
  cashiersPurpose: "Who sells most at the till, and their share of the whole.",
  cashiersSentence: "Cashiers by gross revenue, in {period}, of {filters}.",
  cashierNone: "no cashier",
  leagueSummary: "{count} in all; first is {first} with {value}, last {last}.",

  spendPurpose:
    "How unequally customers spend: how many spend how much, and what part the best ones " +
    "bring.",
  spendSentence: "What known customers spent, refunds deducted, in {period}, counting {filters}.",
  bestFifth: "The best 20 % bring",
  ofRevenue: "of the revenue",
  forMost: "80 % of the revenue comes from",
  ofCustomers: { one: "of customers: {count}", other: "of customers: {count}" },
  buyers: "Customers with spend",
  without: { one: "{count} more without", other: "{count} more without" },
  gini: "Gini coefficient",
  giniHint: "0 all alike, 1 one spends all",
  pareto: "Share of revenue of the best customers",
  paretoSummary: "The best fifth of the customers brings {share} of the revenue.",
  bestCustomers: "The best customers, of all",
  revenueShare: "Their share of revenue",
  equalShares: "If all spent alike",
  histogram: "Customers by what they spent ({unit})",
  histogramHint: "Steps grow with the amounts: 1, 2, 5, 10, 20, 50 …",
  histogramSummary:
    "{count} customers; the most frequent spend is {range} with {most} customers.",
  belowZero: "below 0",
  spent: "Spent",
  ofCustomersLegend: "Of customers",
  ofRevenueLegend: "Of revenue",
} as const;
