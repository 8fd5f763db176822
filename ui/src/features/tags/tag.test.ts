// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyTexts, withPurposes, withRule, type Configuration, type Rule } from "./tag";

const words = (label: string) => ({ label, text: "" });
const configuration: Configuration = {
  mode: "consent", choice: "banner", purposes: [{ name: "analytics" }, { name: "marketing" }],
  measure: "analytics", keep_days: 182, remember_refusal: false, page_views: true, data_layer: "",
  languages: {
    en: {
      title: "Your choice", text: "", accept: "", refuse: "", save: "", choices: "", withdraw: "",
      purposes: { analytics: words("Measurement"), marketing: words("Advertising") },
    },
  },
  rules: [],
};

test("a purpose that gets another name keeps its words, in every language", () => {
  const renamed = withPurposes(configuration, [{ name: "audience" }, { name: "marketing" }]);

  assert.deepEqual(renamed.languages.en!.purposes,
                   { audience: words("Measurement"), marketing: words("Advertising") });
  assert.equal(renamed.measure, "audience", "what was measured by has another name now");
});

test("words of a purpose that is removed go with it", () => {
  const { languages, measure } = withPurposes(configuration, [{ name: "marketing" }]);

  assert.deepEqual(languages.en!.purposes, { marketing: words("Advertising") });
  assert.equal(measure, "marketing");
});

test("a new language has a place for every word", () => {
  assert.deepEqual(Object.keys(emptyTexts(configuration).purposes), ["analytics", "marketing"]);
});

test("rules are put in, replaced and taken out by their place", () => {
  const rule = (event: string): Rule => ({ event, on: "page", pattern: "*" });
  const two = withRule([rule("a")], 1, rule("b"));

  assert.deepEqual(two.map(({ event }) => event), ["a", "b"]);
  assert.deepEqual(withRule(two, 0, rule("c")).map(({ event }) => event), ["c", "b"]);
  assert.deepEqual(withRule(two, 0, null).map(({ event }) => event), ["b"]);
});
