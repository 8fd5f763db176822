// SPDX-License-Identifier: Apache-2.0
export const sources = {
  sentence: "Shops, apps, servers and tills that send what happens, as it happens.",
  add: "Add a source",
  none: "Nobody sends yet",
  noneHint: "A source is whoever sends events: it gets a key of its own, which can do nothing "
    + "else.",
  back: "All sources",

  website: "Website",
  app: "App",
  server: "Server",
  till: "Till",
  webhook: "Webhook",
  state_on: "On",
  state_off: "Off",
  state_silent: "Silent",
  state_new: "Nothing yet",

  name: "Name",
  nameAdvice: "Give it the name under which the same system's files are imported: customer numbers "
    + "then mean the same people.",
  type: "Type",
  typeAdvice: "The key of a website or an app can be read by others. What such a source says of "
    + "consent or points is kept apart.",
  silence: "Alarm after so many minutes without an event",
  silenceAdvice: "0: never",
  keyTitle: "The write key of {name}",
  keyOnce: "It is shown this once: put it where the source is set up.",

  key: "Key",
  keyPublic: "Public: it stands in pages that anybody can read",
  keySecret: "Secret",
  oldKey: "The key before counts until",
  alarm: "Alarm",
  alarmAfter: {
    one: "after {count} minute without an event",
    other: "after {count} minutes without an event",
  },
  alarmNever: "never",
  schema: "Schema of its events",
  schemaNone: "none: anything is taken",
  schemaMark: "others are taken and reported",
  schemaQuarantine: "others are kept apart",
  made: "Made",

  live: "As it happens",
  liveSentence:
    "The last events that came, at whichever server. What they say of a person is left out.",
  liveNone: "Nothing came since the servers were started.",
  pause: "Pause",
  goOn: "Go on",
  accepted: "Taken",
  duplicate: "Again",
  quarantined: "Kept apart",
  refused: "Refused",
  hours: "Hour by hour",
  apart: "Kept apart",
  apartSentence: "Messages, or parts of them, that could not be taken, with the reason.",

  switchOn: "Switch on",
  switchOff: "Switch off",
  switchOffTitle: "Switch {name} off?",
  switchOffMeans: "What it sends is refused until it is switched on again. What it sent stays.",
  newKey: "New key",
  newKeyMeans: "The present key counts for a day more, so that the source can be given the new one "
    + "meanwhile.",
} as const;
