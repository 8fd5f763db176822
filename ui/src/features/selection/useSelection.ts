// SPDX-License-Identifier: Apache-2.0
// What a report is about, kept in the address: period, filters, comparison. Every report reads the
// same names, so a link from one to another keeps the selection.
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router-dom";
import type { Parameters } from "@/api/client";
import { useApi } from "@/api/queries";
import { periodOf, presets, type Period, type Preset } from "./period";

export const SPAN_PATH = "/api/v1/reports/span";

export interface Span {
  first_day: string | null; // of the documents there are; null when there are none
  last_day: string | null;
  today: string; // in the business zone
  currencies: string[];
}

export interface Selection {
  preset: Preset;
  period: Period;
  filters: readonly string[];
  parameters: Parameters; // of period and filters, as every report takes them
  span: Span | undefined;
  isReady: boolean; // the days that presets mean are known
  isEmpty: boolean; // there is nothing to report on
  change: (change: SelectionChange) => void;
}

export interface SelectionChange {
  preset?: Preset;
  period?: Period;
  filters?: readonly string[];
}

function presetOf(search: URLSearchParams, usual: Preset): Preset {
  const named = presets.find((preset) => preset === search.get("period"));
  return search.has("from") || search.has("to") ? "custom" : (named ?? usual);
}

function periodIn(search: URLSearchParams): Period {
  const [from, to] = [search.get("from"), search.get("to")];
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
}

function put(search: URLSearchParams, name: string, values: readonly string[]): void {
  search.delete(name);
  values.forEach((value) => search.append(name, value));
}

/** The parameters of a selection elsewhere than in the address: of the year before, say. */
export function selectionParameters(period: Period, filters: readonly string[]): Parameters {
  return { ...period, filter: [...filters] };
}

export function useSelection(usual: Preset): Selection {
  const [search, setSearch] = useSearchParams();
  const span = useApi<Span>(SPAN_PATH).data;
  const preset = presetOf(search, usual);
  const last = span?.last_day ?? undefined;
  const address = search.toString();

  const change = useCallback((wanted: SelectionChange) => setSearch((former) => {
    const next = new URLSearchParams(former);
    if (wanted.preset && wanted.preset !== "custom") {
      put(next, "period", wanted.preset === usual ? [] : [wanted.preset]);
      ["from", "to"].forEach((name) => next.delete(name));
    }
    if (wanted.period) {
      next.delete("period");
      put(next, "from", wanted.period.from ? [wanted.period.from] : []);
      put(next, "to", wanted.period.to ? [wanted.period.to] : []);
    }
    if (wanted.filters) put(next, "filter", wanted.filters);
    return next;
  }, { replace: true }), [setSearch, usual]);

  return useMemo(() => {
    const now = new URLSearchParams(address);
    const period =
      preset === "custom" ? periodIn(now) : last ? periodOf(preset, last) : ({} as Period);
    const filters = now.getAll("filter");
    return {
      preset, period, filters, span, change,
      parameters: selectionParameters(period, filters),
      isReady: span !== undefined,
      isEmpty: span?.last_day === null,
    };
  }, [address, preset, last, span, change]);
}
