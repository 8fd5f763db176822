// SPDX-License-Identifier: Apache-2.0
// Numbers, money, days and instants as the reader's language writes them, in the business's time
// zone. Units stand in column heads and labels, so most of these write bare numbers.
import { createContext, useContext } from "react";
import type { Cell, Column } from "./api/client";
import { locale, t } from "./i18n";

export interface Format {
  readonly zone: string;
  readonly currency: string; // of the business
  integer(value: number): string; // 12,345
  number(value: number, digits?: number): string; // 3.2
  money(value: number, currency?: string): string; // 1,234.50, with the digits of the currency
  amount(value: number, currency?: string): string; // €1,234.50
  short(value: number, currency?: string): string; // 638K, €638K
  quantity(value: number): string; // 1.5, 3
  percent(value: number): string; // 7%, of a value in percent
  share(value: number): string; // 32.6%, of a value from 0 to 1
  change(value: number): string; // +4.1%, of a value from 0 to 1
  today(now?: Date): string; // "2010-12-01", as the business's clock has it
  day(value: string): string; // of "2010-12-01"
  dayOf(instant: string): string; // the day in the business's zone, of ISO 8601 UTC
  month(value: string): string; // Dec 2010, of "2010-12"
  monthLong(value: string): string; // December 2010
  instant(value: string): string; // of ISO 8601 UTC, to the minute
  moment(value: string): string;  // the same to the second
  ago(value: string): string; // 5 minutes ago
  duration(seconds: number): string; // 3 min
  bytes(value: number): string; // 1.2 MB
  cell(value: Cell, column: Column): string;
}

const AGO_STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600], ["month", 2_629_800], ["day", 86_400], ["hour", 3600], ["minute", 60],
];

export function createFormat(language: string, zone: string, currency: string): Format {
  const numbers = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options);
  const dates = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, options);
  const ofCurrency = new Map<string, { plain: Intl.NumberFormat; symbol: Intl.NumberFormat }>();

  const integers = numbers({ maximumFractionDigits: 0 });
  const quantities = numbers({ maximumFractionDigits: 3 });
  const percents = numbers({ style: "percent", maximumFractionDigits: 2 });
  const shares = numbers({
    style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1,
  });
  const changes = numbers({
    style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1,
    signDisplay: "exceptZero",
  });
  const shorts = numbers({ notation: "compact", maximumSignificantDigits: 3 });
  const days = dates({ dateStyle: "medium", timeZone: "UTC" });
  const daysOfInstants = dates({ dateStyle: "medium", timeZone: zone });
  const isoDays = new Intl.DateTimeFormat("sv", { timeZone: zone }); // Swedish days are ISO 8601's
  const months = dates({ year: "numeric", month: "short", timeZone: "UTC" });
  const monthsLong = dates({ year: "numeric", month: "long", timeZone: "UTC" });
  const instants = dates({ dateStyle: "medium", timeStyle: "short", timeZone: zone });
  const moments = dates({ dateStyle: "medium", timeStyle: "medium", timeZone: zone });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const unit = (value: number, name: string, digits = 0) =>
    numbers({ style: "unit", unit: name, maximumFractionDigits: digits }).format(value);

  function writersOf(name: string) {
    let writers = ofCurrency.get(name);

    if (!writers) {
      const symbol = numbers({ style: "currency", currency: name });
      const digits = symbol.resolvedOptions().maximumFractionDigits ?? 2;
      const plain = numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits });
      writers = { plain, symbol };
      ofCurrency.set(name, writers);
    }
    return writers;
  }

  const format: Format = {
    zone,
    currency,
    integer: (value) => integers.format(value),
    number: (value, digits = 2) => numbers({ maximumFractionDigits: digits }).format(value),
    money: (value, name = currency) => writersOf(name).plain.format(value),
    amount: (value, name = currency) => writersOf(name).symbol.format(value),
    short: (value, name) =>
      name
        ? numbers({
            style: "currency", currency: name, notation: "compact", maximumSignificantDigits: 3,
          }).format(value)
        : shorts.format(value),
    quantity: (value) => quantities.format(value),
    percent: (value) => percents.format(value / 100),
    share: (value) => shares.format(value),
    change: (value) => changes.format(value),
    today: (now = new Date()) => isoDays.format(now),
    day: (value) => written(value, `${value}T00:00:00Z`, days),
    dayOf: (value) => written(value, value, daysOfInstants),
    month: (value) => written(value, `${value}-01T00:00:00Z`, months),
    monthLong: (value) => written(value, `${value}-01T00:00:00Z`, monthsLong),
    instant: (value) => written(value, value, instants),
    moment: (value) => written(value, value, moments),
    ago: (value) => {
      const seconds = (Date.parse(value) - Date.now()) / 1000;
      const step = AGO_STEPS.find(([, size]) => Math.abs(seconds) >= size);
      return step
        ? relative.format(Math.round(seconds / step[1]), step[0])
        : relative.format(0, "second");
    },
    duration: (seconds) => {
      if (seconds < 90) return unit(Math.max(1, Math.round(seconds)), "second");
      if (seconds < 5400) return unit(Math.round(seconds / 60), "minute");
      return unit(seconds / 3600, "hour", 1);
    },
    bytes: (value) => {
      const names = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
      const power = Math.min(names.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
      return unit(value / 1000 ** power, names[power]!, power > 0 ? 1 : 0);
    },
    cell: (value, column) => cell(format, value, column),
  };
  return format;
}

// What is no date is shown as it came.
function written(value: string, iso: string, writer: Intl.DateTimeFormat): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? value : writer.format(at);
}

function cell(format: Format, value: Cell, column: Column): string {
  if (value === null) return t("common.none");
  if (typeof value === "boolean") return t(value ? "common.yes" : "common.no");
  if (typeof value === "string") {
    if (column.type === "day") return format.day(value);
    if (column.type === "instant") return format.instant(value);
    if (column.name === "month") return format.month(value);
    return value;
  }
  switch (column.type) {
    case "integer": return format.integer(value);
    case "money": return format.money(value, column.unit);
    case "quantity": return format.quantity(value);
    case "rate": return format.percent(value);
    case "share": return format.share(value);
    default: return format.number(value);
  }
}

export const FormatContext = createContext<Format>(createFormat("en", "UTC", "EUR"));

export function useFormat(): Format {
  return useContext(FormatContext);
}

export { locale };

// A name as programs write it, for people: "opened_on" → "Opened on".
export function humanised(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
