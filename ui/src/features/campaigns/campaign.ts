// SPDX-License-Identifier: Apache-2.0
// The documents of /api/v1/campaigns, and what of them is worked out here.
import type { Table } from "@/api/client";
import { recordsOf, textOf } from "@/api/records";
import type { Comparison } from "@/features/experiments/experiments";

export const CAMPAIGNS_PATH = "/api/v1/campaigns";
export const CHANNELS_PATH = "/api/v1/channels";
export const pathOf = (name: string) => `${CAMPAIGNS_PATH}/${encodeURIComponent(name)}`;
export const addressOf = (name: string) => `/push/campaigns/${encodeURIComponent(name)}`;

export interface Arm {
  name: string;
  share: number;
  template: string;
  subject: string;
  html: string;
  text: string;
}

export interface Draft {
  name: string;
  description: string;
  purpose: string;
  channel: string;
  segment: string;
  hold_out: number;
  budget: number;
  margin: number;
  starts_at: string;
  send_at: string;
  window_days: number;
  test: number;
  winner_by: string;
  winner_after_minutes: number;
  arms: Arm[];
}

export interface Campaign extends Draft {
  id: string;
  state: string;
  problem: string;
  actor: string;
  approved_by: string;
  winner: string;
  currency: string;
  cost: number;
  spent: number;
  job_id: string;
  created_at: string;
  started_at: string | null;
  next_at: string | null;
  finished_at: string | null;
}

export interface Audience {
  customers: number;
  permitted: number;
  held_out: number;
  cost: number;
  currency: string;
  refused: Table;
}

export interface Result {
  state: string;
  currency: string;
  from: string | null;
  to: string | null;
  counts: Table;
  answers: Table;
  uplift: number | null;
  uplift_low: number | null;
  uplift_high: number | null;
  is_distinguishable: boolean | null;
  uplift_margin: number | null;
  cost: number;
  earned: number | null;
  comparison: Pick<Comparison, "reading" | "warnings" | "arms" | "differences"> | null;
}

export const emptyArm = (name: string): Arm =>
  ({ name, share: 1, template: "", subject: "", html: "", text: "" });

export const emptyDraft: Draft = {
  name: "", description: "", purpose: "", channel: "", segment: "", hold_out: 5, budget: -1,
  margin: -1, starts_at: "", send_at: "", window_days: 14, test: 100, winner_by: "clicks",
  winner_after_minutes: 240, arms: [emptyArm("A")],
};

/** The fields of a draft alone: what the server takes back. */
export function draftOf(campaign: Campaign): Draft {
  const { name, description, purpose, channel, segment, hold_out, budget, margin, starts_at,
    send_at, window_days, test, winner_by, winner_after_minutes, arms } = campaign;

  return { name, description, purpose, channel, segment, hold_out, budget, margin, starts_at,
    send_at, window_days, test, winner_by, winner_after_minutes, arms };
}

/** The steps that a state allows, the most likely first. */
export function stepsOf({ state, channel }: Pick<Campaign, "state" | "channel">): string[] {
  switch (state) {
    case "draft": return ["submit"];
    case "waiting": return ["approve", "withdraw", "stop"];
    case "approved": return ["pause", "withdraw", "stop"];
    case "running": return ["pause", "stop"];
    case "paused": return ["resume", "stop"];
    case "finished": return channel === "audience" ? ["update", "stop"] : [];
    default: return [];
  }
}

/** "B" behind "A"; after "Z" a number. */
export function nextArmName(arms: readonly Arm[]): string {
  for (let code = 65; code <= 90; code++) {
    const name = String.fromCharCode(code);
    if (!arms.some((arm) => arm.name === name)) return name;
  }
  return String(arms.length + 1);
}

export interface Day {
  day: string; // 2026-11-22
  campaigns: { name: string; state: string }[];
}

/** The days of a month, each with the campaigns that start on it by the reader's clock. */
export function monthOf(year: number, month: number, table: Table): Day[] {
  const days: Day[] = [];
  const campaigns = recordsOf(table).filter((campaign) => campaign.starts_at);

  for (const at = new Date(year, month, 1); at.getMonth() === ((month % 12) + 12) % 12;
    at.setDate(at.getDate() + 1)) {
    days.push({
      day: [at.getFullYear(), at.getMonth() + 1, at.getDate()]
        .map((part) => String(part).padStart(2, "0")).join("-"),
      campaigns: campaigns
        .filter((campaign) =>
          new Date(textOf(campaign, "starts_at")).toDateString() === at.toDateString())
        .map((campaign) => ({ name: textOf(campaign, "name"), state: textOf(campaign, "state") })),
    });
  }
  return days;
}
