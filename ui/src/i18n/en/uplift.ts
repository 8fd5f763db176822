// SPDX-License-Identifier: Apache-2.0
export const uplift = {
  purpose:
    "Whom a mail, a coupon or a call moves: those who buy because of it, not those who would " +
    "have bought anyway.",
  never: "No test was looked into yet",
  neverHint:
    "Choose the segment that was treated and the one that chance left alone. This page will show " +
    "whether the treatment moves some customers more than others, and score them.",
  question: "Which test",
  questionHint:
    "Chance alone is to have divided the two segments. What is known of customers ends the day " +
    "before the start.",
  treated: "Treated",
  control: "Left alone",
  start: "First day of the test",
  window: "Days to wait for a response",
  spend: "Response: spent at least (empty: any purchase)",
  armsOn: "Members as of (empty: the day before)",
  run: "Find out",
  runAgain: "Find out again",
  noise: "Nothing here",
  noiseHint:
    "No ranking is shown to find customers whom the treatment moves more than others. Nobody is " +
    "scored: treat all of them, or none.",
  reading: "What it says",
  warnings: "When not to trust it",
  everybody: "Treating everybody",
  everybodyNote: "{treated} of the treated responded, {control} of the others",
  firstThird: "Among the first 30 %",
  firstThirdNote: "difference between the arms, of those ranked first",
  qini: "Qini",
  qiniNote: "0: a choice by lot; 1: a perfect ranking",
  test: "Customers of the test",
  testNote: "{treated} beside {control}, {from} to {until}; worked out {ran}",
  gained: "Responses gained, the best treated first",
  gainedHint:
    "Of customers the model did not learn from: responses beyond those of as many untreated " +
    "ones. The band is the 95 percent interval at each point; above the dashed line the ranking " +
    "helps.",
  gainedSummary:
    "Treating the first 30 percent gains {third} responses, choosing them by lot {lot}; treating " +
    "everybody gains {all}.",
  byModel: "By the model",
  byLot: "Chosen by lot",
  interval: "95 percent interval",
  treatedFirst: "The first {share}",
  shareAxis: "Customers treated, the most moved first",
  at: "What the treatment changes among them",
  atHint: "Difference between the arms, in points, among those ranked first; 0 is no effect.",
  atSummary:
    "Among the first tenth the difference is {tenth}, among the first 30 percent {third}, among " +
    "all {all}.",
  difference: "Difference",
  tenths: "Customers of today",
  tenthsHint:
    "In ten equal parts by how much the treatment would raise their chance of a response, as " +
    "estimated. Segments take it as uplift and uplift_rank.",
  tenthsSummary: "The tenth that is moved most by {first}, the one moved least by {last}.",
  tenthsAxis: "Tenth of the customers",
  mostMoved: "Moved most",
  mostMovedHint: "The estimated difference in the chance of a response, beside churn and value.",
  methods: "Models, measured on the other half",
  computed: "How this is computed",
  computedHint:
    "Arms are the members of the segments on {arms}: {members} in one of them, {several} in both " +
    "and left out, {never} who had never bought before {start} and were left out. Models learnt " +
    "from every other customer of each arm and were measured on the other {measured}.",
} as const;
