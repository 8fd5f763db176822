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
  alarmLearnt: "learnt from its rhythm",
  alarmLearntMeans: "Half as long again as its longest usual pause of the last four weeks. Known "
    + "after three days with events.",
  alarmSet: "after a time without an event",
  alarmTitle: "Alarm when it falls silent",
  alarmWhen: "When is its silence an alarm?",
  schema: "Schema of its events",
  schemaNone: "none: anything is taken",
  schemaMark: "others are taken and reported",
  schemaQuarantine: "others are kept apart",
  made: "Made",
  exempt: "Counted without consent",
  exemptKept: "deleted after 25 months",
  exemptDeleted: {
    one: "{count} event so far, last on {when}",
    other: "{count} events so far, last on {when}",
  },

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
  quarantineSentence: "Messages, or parts of them, that could not be taken, as they were sent. "
    + "Mend them here, try them again after the schema was changed, or give them up.",
  quarantineNone: "Everything was taken.",
  noneInFilter: "Nothing is like that.",
  stateLabel: "State of the messages",
  receivedAt: "Received {when}",
  partReceivedAt: "Part of a message received {when}",
  mendLabel: "The message as it should have been sent",
  mendSave: "Keep the mended message",
  mended: "Kept. Try what waits again to take it in.",
  replay: "Try again what waits",
  discard: "Give up what waits",
  discardTitle: "Give up what waits?",
  discardSentence: {
    one: "{count} message will not be tried again. It stays here to be looked at, still counted.",
    other: "{count} messages will not be tried again. They stay here to be looked at, still "
      + "counted.",
  },
  discardDeed: { one: "Give {count} message up", other: "Give {count} messages up" },
  unknown: "There is no such source",
  unknownHint: "Its address may be mistyped.",

  switchOn: "Switch on",
  switchOff: "Switch off",
  switchOffTitle: "Switch {name} off?",
  switchOffMeans: "What it sends is refused until it is switched on again. What it sent stays.",
  newKey: "New key",
  newKeyMeans: "The present key counts for a day more, so that the source can be given the new one "
    + "meanwhile.",
} as const;
