// SPDX-License-Identifier: Apache-2.0
// What is asked, and the way back: a dialogue whose buttons are equal and on one layer, and two
// small buttons that stay. In a shadow tree, so that neither side's styles reach the other. All
// words come from the published configuration and are set as text.
import type { Configuration, Texts } from "./configuration";

export type Method = "accept" | "refuse" | "save" | "withdraw" | "tcf" | "script";

export interface Asked {
  isGranted: (purpose: string) => boolean;
  isAnyGranted: () => boolean;
  answer: (method: Method, granted: Record<string, boolean>) => void;
}

const STYLE = `:host{all:initial}
*{box-sizing:border-box;font:16px/1.45 system-ui,sans-serif}
[hidden]{display:none!important}
.box,.bar{position:fixed;z-index:2147483647;left:0;bottom:0;color:#1a1d21;background:#fff}
.box{right:0;max-height:100%;overflow:auto;padding:16px;border-top:1px solid #868e96;
box-shadow:0 -4px 24px #0003}
.in{max-width:960px;margin:auto}
h2{font-size:18px;font-weight:600;margin:0 0 4px}
p{margin:0 0 8px}
fieldset{border:0;margin:0;padding:0 0 8px;display:grid;gap:8px 24px;
grid-template-columns:repeat(auto-fit,minmax(240px,1fr))}
label{display:flex;gap:8px}
label b{font-weight:600;display:block}
input{width:20px;height:20px;flex:none;margin:2px 0}
.go{display:grid;gap:8px;grid-template-columns:repeat(auto-fit,minmax(220px,1fr))}
button{min-height:44px;padding:8px 16px;color:#fff;background:#1f3a5f;border:2px solid #1f3a5f;
border-radius:6px;cursor:pointer}
a{color:#1f3a5f}
:focus-visible{outline:3px solid #e8590c;outline-offset:2px}
.bar{display:flex;gap:1px;background:#868e96;border-radius:0 6px 0 0;overflow:hidden}
.bar button{min-height:32px;padding:4px 10px;font-size:13px;border:0;border-radius:0;
color:#1a1d21;background:#f1f3f5}
.bar button:focus-visible{outline-offset:-3px}
@media(prefers-color-scheme:dark){.box{color:#f1f3f5;background:#1a1d21}
a{color:#a5c8f0}}`;

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name, parent: Node, text?: string): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  return parent.appendChild(element);
}

function button(parent: Node, text: string, action: () => void): HTMLButtonElement {
  const element = make("button", parent, text);
  element.type = "button";
  element.onclick = action;
  return element;
}

// The page's own language, then the reader's, then the first that there is.
export function chooseLanguage(languages: Record<string, Texts>): string {
  const known = Object.keys(languages);
  const wanted = [document.documentElement.lang, ...navigator.languages];

  for (const one of wanted) {
    const found = known.find((each) => each === one) ||
      known.find((each) => each === one.slice(0, 2).toLowerCase());
    if (found) return found;
  }
  return known[0] || "";
}

function shadow(parent: HTMLElement): ShadowRoot {
  const host = document.createElement("div");
  host.id = "tessera-consent";
  parent.prepend(host); // first by keyboard, whatever the page holds
  const root = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet(); // a page's policy may forbid style elements
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    make("style", root, STYLE);
  }
  return root;
}

function addPurposes(parent: Node, configuration: Configuration, texts: Texts): HTMLInputElement[] {
  const group = make("fieldset", parent);
  group.setAttribute("aria-labelledby", "t");
  return configuration.purposes.map(({ name }) => {
    const words = texts.purposes[name];
    const label = make("label", group);
    const box = make("input", label);
    const beside = make("span", label);
    box.type = "checkbox";
    box.name = name;
    make("b", beside, (words && words.label) || name);
    make("span", beside, words && words.text);
    return box;
  });
}

export interface Banner {
  ask: () => void; // for the first time, without the focus, which is the reader's
  open: () => void; // because the reader wants to
  close: () => void; // back to what stays: the way to change one's mind
}

export function makeBanner(
  configuration: Configuration, texts: Texts, language: string, asked: Asked,
  parent = document.body): Banner {
  const root = shadow(parent);
  const box = make("div", root);
  const inside = make("div", box);
  const bar = make("div", root);
  const isExempt = configuration.mode === "exempt";
  let canClose = false;
  let inputs: HTMLInputElement[] = [];

  const choose = (method: Method, isGranted: (input: HTMLInputElement) => boolean) => {
    const granted: Record<string, boolean> = {};
    for (const input of inputs) granted[input.name] = isGranted(input);
    asked.answer(method, granted);
    close();
  };
  const all = (method: Method, value: boolean) => () => choose(method, () => value);
  const close = () => {
    box.hidden = true;
    bar.hidden = false;
    withdraw.hidden = !asked.isAnyGranted();
    choices.hidden = isExempt ? asked.isAnyGranted() : configuration.choice !== "banner";
  };
  const ask = () => {
    for (const input of inputs) input.checked = asked.isGranted(input.name);
    box.hidden = false;
    bar.hidden = true;
  };
  const open = () => {
    canClose = true;
    ask();
    box.focus();
  };

  box.className = "box";
  box.tabIndex = -1;
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-labelledby", "t");
  box.setAttribute("aria-describedby", "d");
  box.onkeydown = ({ key }) => {
    if (key === "Escape" && canClose) close();
  };
  inside.className = "in";
  make("h2", inside, texts.title).id = "t";
  const text = make("p", inside, `${texts.text} `);
  text.id = "d";
  if (configuration.policy_url && texts.policy)
    make("a", text, texts.policy).href = configuration.policy_url;
  inputs = addPurposes(inside, configuration, texts);
  const row = make("div", inside);
  row.className = "go";
  button(row, texts.refuse, all("refuse", false));
  button(row, texts.save, () => choose("save", ({ checked }) => checked));
  button(row, texts.accept, all("accept", true));

  bar.className = "bar";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", texts.choices);
  const choices = button(bar, texts.choices, isExempt ? all("accept", true) : open);
  const withdraw = button(bar, texts.withdraw, all("withdraw", false));
  for (const part of [box, bar]) {
    part.hidden = true;
    part.lang = language;
    part.dir = "auto";
  }
  return { ask, open, close };
}
