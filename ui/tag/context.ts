// SPDX-License-Identifier: Apache-2.0
// What goes along with every event: the page, the campaign that brought the visitor, the session.
import { randomId, type Session, type Visitor } from "./device";

const SESSION_MS = 30 * 60_000;
const TRACER_MS = 395 * 864e5; // 13 months, of which visits do not make more

export function campaignOf(search: string): Record<string, string> | undefined {
  const campaign: Record<string, string> = {};

  new URLSearchParams(search).forEach((value, name) => {
    if (name.startsWith("utm_") && value)
      campaign[name === "utm_campaign" ? "name" : name.slice(4)] = value;
  });
  return Object.keys(campaign).length > 0 ? campaign : undefined;
}

// The page as it is now. Whoever may not be recognised has no parameters in the address either, as
// they may say who it is.
export function pageNow(isExempt: boolean): Record<string, string> {
  const { origin, pathname, search } = location;
  const page = { path: pathname, title: document.title, url: origin + pathname };
  const referrer = document.referrer;

  if (isExempt) return { ...page, referrer: referrer.split("/").slice(0, 3).join("/") };
  return { ...page, url: page.url + search, referrer, search };
}

export function makeVisitor(visitor: Visitor): void {
  const now = Date.now();

  if (visitor.id && now - (visitor.made || 0) < TRACER_MS) return;
  visitor.id = randomId();
  visitor.made = now;
}

// The session that is, or a new one after half an hour of nothing or with another campaign.
export function continueSession(
  visitor: Visitor, campaign: Record<string, string> | undefined, at: number): Session {
  const before = visitor.session;
  const isNew = !before || at - before.last > SESSION_MS ||
    (campaign && JSON.stringify(campaign) !== JSON.stringify(before.campaign));
  const session: Session = isNew ? { id: at, last: at } : before;

  if (isNew && campaign) session.campaign = campaign;
  session.last = Math.max(at, session.last);
  return visitor.session = session;
}
