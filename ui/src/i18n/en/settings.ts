// SPDX-License-Identifier: Apache-2.0
export const settings = {
  sentence: "What holds for the whole business.",
  business: "Business",
  zone: "Time zone",
  currency: "Currency",
  country: "Country",
  require_second_factor: "Second factor",
  quiet_hours: "Quiet hours",
  contact_cap: "Messages per customer in days",
  campaign_approval: "Approval by another person",
  quarantine_days: "Days that messages kept apart are kept",
  webhook_memory_days: "Days that webhooks know messages",
  health: "Is everything in order?",
  healthSentence: "Looks at the store, its log, its copies and its disk. It changes nothing.",
  examine: "Examine",
} as const;
