# SPDX-License-Identifier: Apache-2.0
"""The store of the sample company that several benchmarks ask."""
import json

import frame

AS_OF = "2026-06-30"
SEGMENT = {"all": [
    {"sales": "count", "window": {"days": 365}, "operator": ">=", "value": 6},
    {"sales": "sum_gross", "window": {"days": 730}, "operator": ">=", "value": 500},
    {"not": {"sales": "count", "where": {"category": "Drinks"}, "window": {"days": 180},
             "operator": ">=", "value": 1}},
]}


def tessera(store, *words):
    return frame.run([frame.PROGRAM, "--data", store, *words]).output


def made(customers, lines):
    """The store of the sample company, made once; a broken one is made anew."""
    store = frame.CACHE / f"sample-{customers}-{lines}"
    if not (store / "made").exists():
        frame.fresh(store.name)
        frame.show(f"making a store of {customers:,} customers and {lines:,} lines")
        tessera(store, "sample", "--customers", customers, "--lines", lines, "--last-day", AS_OF)
        tessera(store, "segment", "create", "bench", "--definition", json.dumps(SEGMENT))
        (store / "made").touch()
    return store


def query(store, sql):
    """The rows of a lake query, without its header."""
    answer = tessera(store, "sql", sql, "--format", "csv", "--quiet")
    return [line.split(",") for line in answer.splitlines()[1:]]
