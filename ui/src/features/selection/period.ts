// SPDX-License-Identifier: Apache-2.0
// Periods in words ("the last 12 months") and as days, both of which count. Days are texts as the
// API writes them; arithmetic on them is that of the calendar, without clocks or zones.

export type Preset = "last30" | "last90" | "last12months" | "year" | "lastYear" | "all" | "custom";
export const presets: readonly Preset[] =
  ["last30", "last90", "last12months", "year", "lastYear", "all", "custom"];

export interface Period {
  from?: string; // "2011-01-01"; absent: open
  to?: string;
}

function civil(day: string): [number, number, number] {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return [year, month, date];
}

// Months beyond the year and days beyond the month go on into the next.
function dayOf(year: number, month: number, date: number): string {
  return new Date(Date.UTC(year, month - 1, date)).toISOString().slice(0, 10);
}

export function addDays(day: string, count: number): string {
  const [year, month, date] = civil(day);
  return dayOf(year, month, date + count);
}

/** The same day of another year; of 29 February the 28th. */
export function addYears(day: string, count: number): string {
  const [year, month, date] = civil(day);
  const wanted = dayOf(year + count, month, date);
  return wanted.slice(5, 7) === day.slice(5, 7) ? wanted : addDays(wanted, -1);
}

/** A preset that ends with `last`, the latest day there is something of. */
export function periodOf(preset: Exclude<Preset, "custom">, last: string): Period {
  const [year, month] = civil(last);

  switch (preset) {
    case "last30": return { from: addDays(last, -29), to: last };
    case "last90": return { from: addDays(last, -89), to: last };
    case "last12months": return { from: dayOf(year, month - 11, 1), to: last };
    case "year": return { from: dayOf(year, 1, 1), to: last };
    case "lastYear": return { from: dayOf(year - 1, 1, 1), to: dayOf(year - 1, 12, 31) };
    case "all": return {};
  }
}

export function yearBefore({ from, to }: Period): Period {
  return {
    ...(from ? { from: addYears(from, -1) } : {}),
    ...(to ? { to: addYears(to, -1) } : {}),
  };
}

// ---- names of periods as reports write them: 2011-03, 2011-Q1, 2011-W07, 2011, 2011-03-05 ----

/** The same period a year earlier. Weeks keep their number. */
export function nameYearBefore(name: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(name)
    ? addYears(name, -1)
    : `${Number(name.slice(0, 4)) - 1}`.padStart(4, "0") + name.slice(4);
}
