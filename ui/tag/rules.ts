// SPDX-License-Identifier: Apache-2.0
// The tag manager's half on the page: which event comes of which click, form, sight, address or
// push to the data layer, and what it says. Rules are data: selectors, names and patterns, never
// code. Values that people type are not read.
import type { Configuration, Property, Rule } from "./configuration";

export type Emit = (event: string, properties: Record<string, unknown>, purpose?: string) => void;

// "/product/*" and the like: the texts between the stars, in order.
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  const last = parts.pop()!;
  let at = 0;

  if (parts.length === 0) return text === last;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0 || (at === 0 && part === parts[0] && found > 0)) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

// "ecommerce.items.0.item_id"
function follow(path: string, value: unknown): unknown {
  for (const name of path.split("."))
    value = Object(value) === value && Object.hasOwnProperty.call(value, name)
      ? (value as Record<string, unknown>)[name] : undefined;
  return value;
}

function textOf(element: Element | null): string | undefined {
  const text = element && element.textContent;
  return text ? text.replace(/\s+/g, " ").trim().slice(0, 300) : undefined;
}

function valueOf(property: Property, element: Element | null, pushed: unknown): unknown {
  const { from, selector, key = "" } = property;
  const at = selector
    ? (element && element.querySelector(selector)) || document.querySelector(selector) : element;

  switch (from) {
    case "attribute": return at ? at.getAttribute(key) : undefined;
    case "text": return textOf(at);
    case "data_layer": return follow(key, pushed);
    case "query": return new URLSearchParams(location.search).get(key);
    default: return property.value;
  }
}

function fire(emit: Emit, rule: Rule, element: Element | null, pushed?: unknown): void {
  const properties: Record<string, unknown> = {};

  for (const property of rule.properties || []) {
    const value = valueOf(property, element, pushed);
    if (value !== undefined && value !== null) properties[property.name] = value;
  }
  emit(rule.event, properties, rule.purpose);
}

// A selector that the browser does not understand is a rule that never applies.
function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // It was tried in the editor's preview; other browsers may know less.
  }
}

// data-tessera-prop-order-id="7" is {order_id: "7"}.
function marked(element: Element): Record<string, string> {
  const properties: Record<string, string> = {};
  const prefix = "data-tessera-prop-";

  for (const { name, value } of Array.from(element.attributes))
    if (name.startsWith(prefix)) properties[name.slice(prefix.length).replace(/-/g, "_")] = value;
  return properties;
}

function listen(on: "click" | "submit", rules: Rule[], emit: Emit): void {
  document.addEventListener(on, ({ target }) => {
    if (!(target instanceof Element)) return;
    const element = target.closest("[data-tessera-event]");
    if (element && (element.tagName === "FORM") === (on === "submit"))
      emit(element.getAttribute("data-tessera-event")!, marked(element));
    for (const rule of rules)
      if (rule.on === on && rule.selector) quietly(() => {
        const found = target.closest(rule.selector!);
        if (found) fire(emit, rule, found);
      });
  }, true);
}

// What the page pushes, before and after the tag came.
function followLayer(name: string, rules: Rule[], emit: Emit): void {
  const page = window as unknown as Record<string, unknown[]>;
  const layer = page[name] || (page[name] = []);
  if (!Array.isArray(layer)) return; // the page's own, and something else
  const push = layer.push;
  const take = (pushed: unknown) => {
    const event = follow("event", pushed);
    if (typeof event === "string")
      for (const rule of rules)
        if (rule.on === "data_layer" && matches(rule.pattern || "", event))
          fire(emit, rule, null, pushed);
  };

  layer.forEach(take);
  layer.push = (...values) => {
    values.forEach(take);
    return push.apply(layer, values);
  };
}

// Starts it all; what comes back is to be called for every page that is shown.
export function applyRules({ rules, data_layer: layer }: Configuration, emit: Emit): () => void {
  const seen = new WeakMap<Element, Set<Rule>>();
  const sights = rules.filter(({ on, selector }) => on === "visible" && selector);
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries)
      if (isIntersecting) for (const rule of sights) quietly(() => {
        const already = seen.get(target) || new Set();
        if (already.has(rule) || !target.matches(rule.selector!)) return;
        seen.set(target, already.add(rule));
        fire(emit, rule, target);
      });
  }, { threshold: 0.5 });

  listen("click", rules, emit);
  listen("submit", rules, emit);
  if (layer) followLayer(layer, rules, emit);
  return () => {
    for (const rule of rules)
      if (rule.on === "page" && matches(rule.pattern || "", location.pathname))
        fire(emit, rule, null);
    for (const { selector } of sights)
      quietly(() => document.querySelectorAll(selector!).forEach((one) => watch.observe(one)));
  };
}
