// SPDX-License-Identifier: Apache-2.0
// Events on their way: sent in batches, again after a failure, and by a beacon when the page goes.
// An event keeps its messageId whatever happens, so that the server counts it once however often it
// comes. What a beacon took is sent again by the next page, as nobody learns whether it arrived;
// but not after a day, when the server may have forgotten the messageId.
import { dropEvent, keepEvent, keptEvents } from "./device";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
const MOST_BYTES = 60_000; // of a request: a beacon takes 64 KiB
const MOST_EVENTS = 500; // that wait
const KNOWN_MS = 864e5; // how long the server certainly knows a messageId

const waiting = new Map<string, string>();
let base = "";
let key = "";
let timer: number | undefined;
let isSending = false;
let wait = FIRST_WAIT_MS;

export function openQueue(address: string, writeKey: string): void {
  base = address;
  key = writeKey;
}

// The purpose for which an event was collected stands in its id; none of what tells of a choice,
// unless that takes back the last consent.
const purposeOf = (id: string): string | undefined => id.split("~")[1];

export type Grants = (purpose: string | undefined) => boolean;

// What earlier pages could not send, or not surely. Without a consent to its purpose that holds
// now, an event stays where it is until there is one.
export function resumeQueue(isGranted: Grants): void {
  for (const [id, kept] of keptEvents()) {
    if (!isGranted(purposeOf(id))) continue;
    const [text = "", beaconed] = kept.split("\n");
    if (beaconed && Date.now() - +beaconed > KNOWN_MS) dropEvent(id);
    else waiting.set(id, text);
  }
  schedule();
}

export function enqueue(id: string, event: object): void {
  const text = JSON.stringify(event);

  if (text.length > MOST_BYTES) return; // the server takes 32 KiB
  waiting.set(id, text);
  keepEvent(id, text);
  for (const oldest of waiting.keys()) {
    if (waiting.size <= MOST_EVENTS) break;
    settle(oldest);
  }
  schedule();
}

// What was collected for a purpose that is not granted any more goes: it is not sent for another.
export function keepGranted(isGranted: Grants): void {
  for (const [id] of [...keptEvents(), ...waiting])
    if (!isGranted(purposeOf(id))) settle(id);
}

function settle(id: string): void {
  waiting.delete(id);
  dropEvent(id);
}

function schedule(): void {
  if (timer === undefined && waiting.size > 0) timer = window.setTimeout(send, wait);
}

// Ids and body of as many as one request takes. JSON has no line ends of its own.
function pack(): [string[], string] {
  const ids: string[] = [];
  const texts: string[] = [];
  let size = 200;

  for (const [id, text] of waiting) {
    size += text.length * 1.1 + 1; // some letters are several bytes; what is too long is refused
    if (texts.length > 0 && size > MOST_BYTES) break;
    ids.push(id);
    texts.push(text);
  }
  const head = JSON.stringify({ writeKey: key, sentAt: new Date().toISOString() }).slice(0, -1);
  return [ids, `${head},"batch":[${texts.join()}]}`];
}

async function send(): Promise<void> {
  timer = undefined;
  if (isSending || waiting.size === 0) return;
  isSending = true;
  const [ids, body] = pack();
  let status = 0;
  try {
    // A text is a simple request, which the browser sends without asking first.
    const answer = await fetch(`${base}/v1/batch`, { method: "POST", body, credentials: "omit" });
    status = answer.status;
  } catch {
    // Offline, or the server is: the same as a server that is busy.
  }
  isSending = false;
  if (status === 0 || status === 429 || status >= 500) {
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  } else {
    wait = FIRST_WAIT_MS;
    ids.forEach(settle);
  }
  schedule();
}

export function sendNow(): void {
  clearTimeout(timer);
  wait = FIRST_WAIT_MS;
  if (waiting.size > 0) void send();
}

// The page goes, or may: mobile browsers end pages that are not seen without a word.
export function sendBeacon(): void {
  if (!navigator.onLine || !navigator.sendBeacon) return;
  while (waiting.size > 0) {
    const [ids, body] = pack();
    if (!navigator.sendBeacon(`${base}/beacon/v1/batch`, body)) return;
    for (const id of ids) {
      keepEvent(id, `${waiting.get(id)}\n${Date.now()}`);
      waiting.delete(id);
    }
  }
}
