// SPDX-License-Identifier: Apache-2.0
// What a source's tag is told to do, as GET /t/{write key}.json answers it. The server has checked
// it (src/plug/tag/configuration.c); it is data, and nothing in it is ever evaluated.

export interface Purpose {
  name: string;
  tcf?: number[]; // purposes of the IAB framework that must all be granted for this one
}

export interface Texts {
  title: string;
  text: string;
  accept: string;
  refuse: string;
  save: string;
  choices: string; // opens the dialogue again
  withdraw: string; // takes everything back; without consent: objects to being counted
  policy?: string;
  purposes: Record<string, { label: string; text: string } | undefined>;
}

export interface Property {
  name: string;
  from: "attribute" | "text" | "data_layer" | "query" | "constant";
  selector?: string; // within the rule's element, else in the page; none: the element
  key?: string; // the attribute, the path in the data layer, the parameter of the address
  value?: string; // of a constant
}

export interface Rule {
  event: string;
  on: "click" | "submit" | "visible" | "data_layer" | "page";
  selector?: string;
  pattern?: string; // of the path, or the name of what is pushed: text in which * stands for any
  purpose?: string;
  properties?: Property[];
}

export interface Configuration {
  mode: "consent" | "exempt";
  choice: "banner" | "tcf";
  purposes: Purpose[];
  measure: string; // the purpose of page views, of calls and of rules that name no other
  keep_days: number;
  remember_refusal: boolean;
  page_views: boolean;
  data_layer: string; // the name of an array of the page; empty: none
  policy_url?: string;
  languages: Record<string, Texts>;
  rules: Rule[];
}

export interface Published {
  version: number;
  text_version: number; // the version in which purposes and words were last changed
  configuration: Configuration;
}
