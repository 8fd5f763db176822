# SPDX-License-Identifier: Apache-2.0
"""`./dev bench segment`: a segment of three behavioural clauses beside SQL written by hand for the
same question, in turn in one process on the same DuckDB file; then finding and viewing customers.

    --customers N   of the sample company (1,000,000)
    --lines N       of their receipts (20,000,000)
    --runs N        of segment and SQL (11)
"""
import argparse
import datetime
import json
import random
import subprocess
import sys

import frame
from sample_store import AS_OF, made, query

BY_HAND = """
    SELECT count(*)
    FROM (
        SELECT coalesce(a.customer, s.origin) AS customer
        FROM sale s
        LEFT JOIN alias a ON a.origin = s.origin
        WHERE s.origin IS NOT NULL AND s.sold_on BETWEEN DATE '{day}' - 729 AND DATE '{day}'
        GROUP BY 1
        HAVING count(*) FILTER (WHERE s.kind = 'sale' AND s.sold_on > DATE '{day}' - 365) >= 6
            AND sum(s.gross_micros) >= 500 * 1000000
    ) AS regular
    WHERE customer NOT IN (
        SELECT coalesce(a.customer, l.origin)
        FROM sale_line l
        JOIN product p ON p.id = l.product_id
        LEFT JOIN alias a ON a.origin = l.origin
        WHERE p.category = 'Drinks' AND l.kind = 'sale' AND l.origin IS NOT NULL
            AND l.sold_on > DATE '{day}' - 180 AND l.sold_on <= DATE '{day}'
    )"""


def in_process(store, lines):
    """[(microseconds, answer)] of each line, asked within one process."""
    answers = subprocess.run([frame.ROOT / "build/bench/in_process", store], check=False,
                             input="\n".join(lines) + "\n", text=True, capture_output=True)
    if answers.returncode != 0:
        sys.exit(answers.stderr)
    parts = [line.partition("\t") for line in answers.stdout.splitlines()]
    return [(int(us), answer) for us, _, answer in parts]


def days(count):
    """Other days: the answer of a day is kept until the data changes."""
    last = datetime.date.fromisoformat(AS_OF)
    return [(last - datetime.timedelta(days=number)).isoformat() for number in range(count)]


def compare_segment(store, runs):
    asked = []
    for day in days(runs + 1):
        asked.append(f"GET /api/v1/segments/bench/count?as_of={day}")
        asked.append("SQL " + " ".join(BY_HAND.format(day=day).split()))
    answers = in_process(store, asked)
    for segment, hand in zip(answers[0::2], answers[1::2]):
        if json.loads(segment[1])["count"] != int(hand[1]):
            sys.exit(f"the segment counts {segment[1]}, the SQL by hand {hand[1]}")
    count = int(answers[1][1])
    segment, hand = answers[2::2], answers[3::2]  # the first of each warms up
    base = frame.median([us for us, _ in hand])
    rows = []
    for name, times in [("SQL by hand", hand), ("segment count", segment)]:
        times = sorted(us / 1000 for us, _ in times)
        rows.append([name, f"{frame.median(times):.1f} ms", f"{times[0]:.1f}–{times[-1]:.1f}",
                     f"{frame.median(times) * 1000 / base:.2f}"])
    frame.heading(f"A segment of three behavioural clauses, in process, {count:,} customers in it, "
                  f"{runs} runs")
    frame.print_table(["", "median", "min–max", "ratio"], rows)


def measure_customers(store, number):
    customers = query(store, "SELECT id, number, lower(given_name), lower(family_name) "
                      "FROM customer WHERE family_name IS NOT NULL "
                      f"ORDER BY hash(id) LIMIT {number}")
    asked = {
        "view": [f"GET /api/v1/customers/{row[0]}" for row in customers],
        "timeline": [f"GET /api/v1/customers/{row[0]}/timeline" for row in customers],
        "search, whole name": [f"GET /api/v1/customers?q={row[2]} {row[3]}" for row in customers],
        "search, given name and 1 letter": [f"GET /api/v1/customers?q={row[2]} {row[3][:1]}"
                                            for row in customers],
        "search, 2 letters of each name": [f"GET /api/v1/customers?q={row[2][:2]} {row[3][:2]}"
                                           for row in customers],
        "search, two family names": [f"GET /api/v1/customers?q={row[3]} {other[3]}"
                                     for row, other in zip(customers, customers[1:])],
        "search, 1 letter": [f"GET /api/v1/customers?q={row[3][:1]}" for row in customers],
        "search, 2 letters": [f"GET /api/v1/customers?q={row[3][:2]}" for row in customers],
        "search, 3 letters": [f"GET /api/v1/customers?q={row[3][:3]}" for row in customers],
        "search, customer number": [f"GET /api/v1/customers?q={row[1]}" for row in customers],
    }
    rows = []
    for name, lines in asked.items():
        random.Random(1).shuffle(lines)
        times = sorted(us / 1000 for us, _ in in_process(store, lines))
        slow = times[len(times) * 99 // 100]
        rows.append([name] + [f"{ms:.2f} ms" for ms in (frame.median(times), slow, times[-1])])
    frame.heading(f"Finding and viewing customers, in process, {len(customers):,} each")
    frame.print_table(["", "p50", "p99", "slowest"], rows)


def main():
    parser = argparse.ArgumentParser(prog="./dev bench segment")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=20_000_000)
    parser.add_argument("--runs", type=int, default=11)
    arguments = parser.parse_args()
    frame.print_machine()
    store = made(arguments.customers, arguments.lines)
    counts = query(store, "SELECT (SELECT count(*) FROM customer), (SELECT count(*) FROM sale), "
                   "(SELECT count(*) FROM sale_line)")[0]
    print("customers {:,}, receipts {:,}, lines {:,}".format(*map(int, counts)))
    compare_segment(store, arguments.runs)
    measure_customers(store, 1000)


main()
