// SPDX-License-Identifier: Apache-2.0
// From one period to another as steps: where each bar of the picture begins and ends.
import type { Table } from "@/api/client";
import { figuresOf, textsOf } from "@/features/selection/columns";

export const BRIDGE_PATH = "/api/v1/reports/bridge";

export interface Bridge {
  compared_with: { from: string; to: string };
  total: Table;
  receipts: Table;
  articles: Table;
  customers: Table;
}

export interface Step {
  label: string;
  from: number;
  to: number;
  kind: "total" | "rise" | "fall";
}

// The first bar stands on 0, the next ones go on from there, the last stands on 0 again. Effects
// of nothing are left out.
export function stepsOf(
  before: number, effects: readonly { label: string; amount: number }[],
  names: { before: string; now: string },
): Step[] {
  const steps: Step[] = [{ label: names.before, from: 0, to: before, kind: "total" }];
  let level = before;

  for (const { label, amount } of effects) {
    if (amount === 0) continue;
    steps.push({ label, from: level, to: level + amount, kind: amount > 0 ? "rise" : "fall" });
    level += amount;
  }
  return [...steps, { label: names.now, from: 0, to: level, kind: "total" }];
}

export function effectsOf(table: Table): { label: string; amount: number }[] {
  const amounts = figuresOf(table, "amount");

  return textsOf(table, "label").map((label, index) => ({ label, amount: amounts[index] ?? 0 }));
}

// The effect that moved most, in its direction.
export function greatest(effects: readonly { label: string; amount: number }[]) {
  return effects.reduce<{ label: string; amount: number } | undefined>(
    (most, effect) =>
      Math.abs(effect.amount) > Math.abs(most?.amount ?? 0) ? effect : most, undefined);
}
