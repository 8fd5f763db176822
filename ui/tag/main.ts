// SPDX-License-Identifier: Apache-2.0
// The tag of a web page: <script async src="https://…/t.js" data-write-key="…"></script>
//
// Nothing is kept on the device and no event leaves it before the visitor has chosen; a refusal, by
// the dialogue, by Global Privacy Control or by Do Not Track, means that nothing ever is. Calls are
// those of analytics.js; docs/tag.md is for who writes the page.
import { chooseLanguage, makeBanner, type Banner, type Method } from "./banner";
import type { Configuration, Published } from "./configuration";
import { campaignOf, continueSession, makeVisitor, pageNow } from "./context";
import {
  forget, forgetVisitor, NAME, randomId, recall, remember, WITHDRAWAL, type Choice, type Visitor,
} from "./device";
import { enqueue, keepGranted, openQueue, resumeQueue, sendBeacon, sendNow } from "./queue";
import { applyRules } from "./rules";
import { readTcf } from "./tcf";

type Properties = Record<string, unknown>;
interface Event extends Properties { type: string; context?: Properties }
interface Held { event: Event; purpose: string; campaign: Record<string, string> | undefined }

const MOST_HELD = 100; // while there is no choice
const CALLS = ["page", "track", "identify", "group", "alias", "reset", "consent", "ready"] as const;

const script = document.currentScript as HTMLScriptElement;
const { writeKey = "", endpoint, name: globalName = "tessera" } = script.dataset;
const base = endpoint || new URL(script.src).origin;

let published: Published;
let configuration: Configuration;
let visitor: Visitor = {};
let banner: Banner | undefined;
let language = "";
let undecided: Held[] | undefined = [];

// ---- may it ----

// The browser says no for its user.
function isSignalled(): boolean {
  const { globalPrivacyControl, doNotTrack } =
    navigator as Navigator & { globalPrivacyControl?: boolean };
  return globalPrivacyControl === true || doNotTrack === "1";
}

function isExempt(): boolean {
  return configuration.mode === "exempt";
}

function isAnyGranted(): boolean {
  const { choice } = visitor;
  return choice ? Object.keys(choice.granted).some((name) => choice.granted[name]) : isExempt();
}

// What tells of a choice has no purpose: it is told while anything is granted; that the last
// consent is gone is always told.
function isGranted(purpose?: string): boolean {
  return purpose === WITHDRAWAL || (isExempt() || purpose === undefined
    ? isAnyGranted() : !!visitor.choice && !!visitor.choice.granted[purpose]);
}

// What may stay on the device after what was chosen.
function save(): void {
  const { choice } = visitor;

  // Who it is was learnt for what this purpose measures.
  if (!isGranted(configuration.measure)) delete visitor.user;
  if (isAnyGranted()) remember(visitor);
  else if (choice && (isExempt() || configuration.remember_refusal)) remember({ choice });
  else forgetVisitor();
}

// ---- events ----

function emit(event: Event, purpose = configuration.measure): void {
  const said = event.context || {};
  const held: Held = {
    event: {
      ...event,
      timestamp: new Date().toISOString(),
      context: { ...said, page: { ...pageNow(isExempt()), ...(said.page as Properties) } },
    },
    purpose,
    campaign: campaignOf(location.search),
  };

  if (!undecided) take(held);
  else if (undecided.length < MOST_HELD) undecided.push(held);
}

function take({ event, purpose, campaign }: Held): void {
  if (isGranted(purpose)) dispatch(event, campaign, purpose);
}

function dispatch(event: Event, campaign?: Record<string, string>, purpose?: string): void {
  const kept = isAnyGranted() ? purpose : WITHDRAWAL;
  const id = Date.now().toString(36) + randomId() +
    (kept === undefined || isExempt() ? "" : `~${kept}`);
  const before = visitor.session;
  const { choice } = visitor;

  makeVisitor(visitor);
  if (isExempt()) visitor.exempt = true;
  const session = continueSession(visitor, campaign, Date.parse(event.timestamp as string));
  enqueue(id, {
    messageId: id,
    anonymousId: visitor.id,
    ...(visitor.user ? { userId: visitor.user } : {}),
    ...event,
    context: {
      library: { name: "tessera.js", version: String(published.version) },
      locale: navigator.language,
      sessionId: session.id,
      ...(session !== before ? { sessionStart: true } : {}),
      ...(session.campaign ? { campaign: session.campaign } : {}),
      ...(choice && !isExempt() ? { consent: { categoryPreferences: choice.granted } } : {}),
      ...event.context,
    },
  });
  save();
}

// ---- the choice ----

// What was granted or taken back, and what had been read: the fact that proves it.
function tellChoice(method: Method, { granted, at, version, tcf }: Choice): void {
  dispatch({
    type: "track",
    event: "Consent Updated",
    timestamp: new Date(at).toISOString(),
    properties: {
      purposes: granted,
      text_version: version,
      language,
      method,
      ...(tcf ? { tcf_string: tcf } : {}),
    },
    context: { page: pageNow(false) },
  }, campaignOf(location.search));
}

function decide(method: Method, granted: Record<string, boolean>, tcf?: string): void {
  const wasKnown = !!visitor.id && !isExempt();
  const held = undecided;
  const choice: Choice = { granted, at: Date.now(), version: published.text_version };

  undecided = undefined;
  if (tcf) choice.tcf = tcf;
  visitor.choice = choice;
  // What waits was collected under a consent that may be gone.
  keepGranted(isGranted);
  if (isAnyGranted()) {
    if (held) resumeQueue(isGranted);
    if (!isExempt()) tellChoice(method, choice);
    if (held) held.forEach(take);
  } else {
    // Only that it is gone is still told, and who it was about is forgotten.
    if (wasKnown) tellChoice(method, choice);
    visitor = { choice };
  }
  save();
}

// An old choice, or one about other texts, is none.
function isCurrent({ version, at }: Choice): boolean {
  return version === published.text_version &&
    Date.now() - at < configuration.keep_days * 864e5;
}

// Who was here before, with the choice that still holds.
function recallVisitor(): Visitor {
  const found = recall();
  const { choice } = found;

  if (found.id && !!found.exempt !== isExempt()) return {};
  if (choice && !isExempt() && !isCurrent(choice)) delete found.choice;
  return found;
}

// ---- calls ----

// (userId?, traits?, options?): an object in the first place is the traits.
function identify(...words: unknown[]): void {
  const user = typeof words[0] === "object" ? undefined : words.shift();
  const [traits = {}, options] = words as [Properties?, Event?];

  if (user !== undefined && isGranted(configuration.measure)) {
    // Another person on the same device is not who was here before.
    if (visitor.user && visitor.user !== String(user)) forgetPerson();
    visitor.user = String(user);
  }
  emit({
    type: "identify", traits, ...(user === undefined ? {} : { userId: String(user) }),
    ...contextOf(options),
  });
}

function contextOf(options: unknown): { context?: Properties } {
  const context = Object(options).context as Properties | undefined;
  return context ? { context } : {};
}

function page(...words: unknown[]): void {
  const names: string[] = [];
  while (typeof words[0] === "string") names.push(words.shift() as string);
  const [properties = {}, options] = words as [Properties?, Event?];
  const name = names.pop();

  emit({
    type: "page", ...(name ? { name } : {}), ...(names[0] ? { category: names[0] } : {}),
    properties: { ...pageNow(isExempt()), ...properties }, ...contextOf(options),
  });
}

function forgetPerson(): void {
  const { choice } = visitor;
  visitor = choice ? { choice } : {};
}

const calls: Record<(typeof CALLS)[number], (...words: any[]) => void> = {
  page,
  identify,
  track: (event: string, properties: Properties = {}, options?: unknown) =>
    emit({ type: "track", event: String(event), properties, ...contextOf(options) }),
  group: (group: string, traits: Properties = {}, options?: unknown) =>
    emit({ type: "group", groupId: String(group), traits, ...contextOf(options) }),
  alias: (to: string, from?: string) =>
    emit({ type: "alias", userId: String(to), previousId: String(from || visitor.id) }),
  reset: () => {
    forgetPerson();
    save();
  },
  // Without words: the dialogue. {analytics: true}: a choice made in the page's own one.
  consent: (granted?: Record<string, boolean>) => {
    if (granted) {
      decide("script", granted);
      if (banner) banner.close();
    } else if (banner) banner.open();
  },
  ready: (action: () => void) => action(),
};
const aboutPeople = ["identify", "group", "alias"];

function call(name: string, words: unknown[]): void {
  if (!(name in calls)) return;
  if (isExempt() && aboutPeople.includes(name)) return; // the server would refuse them
  calls[name as keyof typeof calls](...words);
  const last = words[words.length - 1];
  if (name !== "ready" && typeof last === "function") last();
}

// ---- the page ----

function watchPages(shown: () => void): void {
  let path = location.href.split("#")[0];
  const look = () => {
    const now = location.href.split("#")[0];
    if (now === path) return;
    path = now;
    setTimeout(shown); // the page sets its new title first
  };

  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    history[name] = function (...words) {
      original.apply(this, words);
      look();
    };
  }
  addEventListener("popstate", look);
}

// Another window of the same site has decided, or another page while this one was put aside: that
// holds here at once, too. No choice, or one about other words, leaves the question open where it
// is asked, and takes back what was granted where it was answered.
function followOthers(): void {
  const held = undecided;

  visitor = recallVisitor();
  if (!isExempt() && !visitor.choice) {
    if (held) return;
    visitor.choice = { granted: {}, at: Date.now(), version: published.text_version };
  }
  undecided = undefined;
  keepGranted(isGranted);
  if (held) held.forEach(take);
  banner!.close();
}

function watchEnd(): void {
  addEventListener("storage", ({ key }) => {
    if (key === NAME) followOthers();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) followOthers();
  });
  addEventListener("pagehide", sendBeacon);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") sendBeacon();
  });
  addEventListener("online", sendNow);
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-tessera-consent]")) calls.consent();
  });
}

function askOrApply(): void {
  if (visitor.choice || isExempt()) {
    undecided = undefined;
    banner!.close();
  } else if (configuration.choice === "banner") banner!.ask();
  resumeQueue(isGranted);
  if (configuration.choice === "tcf" && !isExempt())
    readTcf(configuration.purposes, (granted, text) => {
      const { choice: before } = visitor;
      if (before && before.tcf === text && isCurrent(before)) return;
      decide("tcf", granted, text);
      banner!.close();
    });
}

function begin(answer: Published): void {
  published = answer;
  configuration = answer.configuration;
  visitor = recallVisitor();
  language = chooseLanguage(configuration.languages);
  banner = makeBanner(configuration, configuration.languages[language]!, language, {
    isGranted, isAnyGranted, answer: decide,
  });
  askOrApply();

  const perPage = applyRules(configuration, (event, properties, purpose) =>
    emit({ type: "track", event, properties }, purpose));
  const shown = () => {
    if (configuration.page_views) page();
    perPage();
  };
  shown();
  watchPages(shown);
  watchEnd();
  takeCalls();
}

// ---- the beginning ----

type Stub = Record<string, unknown> & unknown[][];
const global = window as unknown as Record<string, Stub>;
const early: unknown[][] = global[globalName] || [];

// The calls that the page made before now, and those that it makes from now on.
function takeCalls(): void {
  const api = [] as unknown as Stub;

  for (const name of CALLS) api[name] = (...words: unknown[]) => call(name, words);
  api.push = (...all: unknown[][]) => {
    for (const [name, ...words] of all) call(String(name), words);
    return 0;
  };
  api.anonymousId = () => visitor.id;
  early.forEach((one) => api.push(one));
  global[globalName] = api;
}

// Until it is known what may be, or because nothing may: calls go nowhere and break nothing.
function holdCalls(isKept: boolean): void {
  const stub = early as Stub;
  for (const name of CALLS)
    stub[name] = (...words: unknown[]) => {
      if (isKept && early.length < MOST_HELD) early.push([name, ...words]);
    };
  global[globalName] = stub;
}

async function start(): Promise<void> {
  if (isSignalled()) {
    holdCalls(false);
    forget();
    return;
  }
  holdCalls(true);
  openQueue(base, writeKey);
  const answer = await fetch(`${base}/t/${encodeURIComponent(writeKey)}.json`, {
    credentials: "omit", referrerPolicy: "no-referrer",
  });
  if (!answer.ok) return; // nothing is published
  const told = (await answer.json()) as Published;
  if (document.body) begin(told);
  else addEventListener("DOMContentLoaded", () => begin(told));
}

start().catch(() => {}); // the page goes on without it
