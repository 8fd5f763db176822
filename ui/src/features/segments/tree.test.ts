// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";

import { groupOfTree, HAPPENED, isSameTree, isTree, treeOfGroup, type Tree } from "./tree";

const country: Tree = { attribute: "country", operator: "in", value: ["France", "Spain"] };
const income: Tree = { attribute: "attributes.income", operator: ">=", value: 50000 };
const spent: Tree = {
  sales: "sum_gross",
  where: { category: "Tea", store: ["1", "2"] },
  window: { days: 90 },
  operator: ">=",
  value: 500,
};
const opened: Tree = { event: "newsletter.opened", window: { from: "2011-01-01" } };
const openedOften: Tree = { event: "newsletter.opened", operator: ">=", value: 3 };
const consent: Tree = { consent: "newsletter", channel: "email", operator: "granted" };
const other: Tree = { segment: "regulars", operator: "not_in" };
const known: Tree = { attribute: "birth_on", operator: "is_known" };
const champions: Tree = {
  rfm: "group", filters: ["quantity>0"], window: { days: 365 }, operator: "in",
  value: ["Champions", "Loyal"],
};
const clauses = [country, income, spent, champions, opened, openedOften, consent, other, known];

function comesBack(tree: Tree): void {
  // Through JSON, as the builder's state and the server see it.
  const group = JSON.parse(JSON.stringify(groupOfTree(tree)));
  assert.deepEqual(treeOfGroup(group), tree);
}

test("every type of clause comes back as it was", () => {
  for (const clause of clauses) comesBack({ all: [clause] });
});

test("a single clause comes back as a list of one", () => {
  for (const clause of clauses)
    assert.deepEqual(treeOfGroup(groupOfTree(clause)), { all: [clause] });
});

test("groups within groups come back", () => {
  comesBack({ all: [] });
  comesBack({ any: [country, { all: [spent, { any: [income, known] }] }] });
  comesBack({ all: [{ all: [] }, { any: [consent] }] });
});

test("negations come back, of clauses, of lists and of negations", () => {
  comesBack({ not: country });
  comesBack({ not: { all: [country, spent] } });
  comesBack({ not: { any: [country, spent] } });
  comesBack({ not: { all: [country] } });
  comesBack({ not: { any: [country] } });
  comesBack({ not: { all: [] } });
  comesBack({ not: { not: country } });
  comesBack({ not: { not: { any: [country, spent] } } });
  comesBack({ all: [{ not: other }, { not: { all: [spent, known] } }] });
});

function randomTree(random: () => number, depth: number): Tree {
  const pick = random();
  const inner = () => randomTree(random, depth - 1);
  const list = () => Array.from({ length: Math.floor(random() * 4) }, inner);
  if (depth === 0 || pick < 0.4)
    return clauses[Math.floor(random() * clauses.length)] as Tree;
  if (pick < 0.6) return { all: list() };
  if (pick < 0.8) return { any: list() };
  return { not: inner() };
}

test("ten thousand trees come back", () => {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 10_000; i++) comesBack({ all: [randomTree(random, 5)] });
});

test("the builder sees a field for each subject, with free names beside it", () => {
  assert.deepEqual(groupOfTree(income).rules[0], {
    field: "attribute:attributes.*",
    operator: ">=",
    value: { name: "income", value: 50000 },
  });
  assert.equal((groupOfTree(champions).rules[0] as { field: string }).field, "rfm:group");
  assert.deepEqual(groupOfTree(opened).rules[0], {
    field: "event:*",
    operator: HAPPENED,
    value: { name: "newsletter.opened", window: { from: "2011-01-01" } },
  });
});

test("what is no tree is told from what is", () => {
  for (const clause of clauses) assert.ok(isTree({ any: [{ not: clause }] }));
  for (const value of [null, 7, "x", [], {}, { all: 3 }, { not: [] }, { any: [{ x: 1 }] }])
    assert.ok(!isTree(value), JSON.stringify(value));
});

test("trees are the same whatever the order of members, and differ by their conditions", () => {
  const turned: Tree = { value: ["France", "Spain"], operator: "in", attribute: "country" };

  assert.ok(isSameTree({ all: [country] }, turned));
  assert.ok(!isSameTree(country, { ...country, value: ["Spain", "France"] }));
  assert.ok(!isSameTree({ all: [country, spent] }, { any: [country, spent] }));
});
