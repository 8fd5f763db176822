// SPDX-License-Identifier: Apache-2.0
// The reference of the HTTP API. What stands in the document is English in every language.
export const openapi = {
  title: "API reference",
  sentence: "Everything that this app does, for your own programs. They sign in with an API key.",
  rules: "What holds everywhere",
  searchHint: "customers, POST, as_of…",
  found: { one: "{count} request", other: "{count} requests" },
  none: "No request is like that",
  noneHint: "Search for a word of its path, its parameters or its answer.",
  parameters: "Parameters",
  body: "Body",
  answer: "Answer",
  failures: "Failures",
  others: "else",
  example: "Example",
  name: "Name",
  type: "Type",
  meaning: "Meaning",
  optional: ", optional",
} as const;
