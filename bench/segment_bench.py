# SPDX-License-Identifier: Apache-2.0
"""`./dev bench segment`: a segment of three behavioural clauses beside SQL written by hand for the
same question, in turn in one process on the same DuckDB file; then finding and viewing customers.
With --store postgresql the store is copied into a private PostgreSQL and both are asked in turn.

    --store KIND    folder or postgresql (folder)
    --customers N   of the sample company (1,000,000; for PostgreSQL 100,000)
    --lines N       of their receipts (20 times as many)
    --runs N        of segment and SQL (11)
"""
import argparse
import datetime
import json
import random
import subprocess
import sys

import database
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
    files = [database.files_of(store)] if str(store).startswith("postgresql:") else []
    answers = subprocess.run([frame.ROOT / "build/bench/in_process", store, *files], check=False,
                             input="\n".join(lines) + "\n", text=True, capture_output=True)
    if answers.returncode != 0:
        sys.exit(answers.stderr)
    parts = [line.partition("\t") for line in answers.stdout.splitlines()]
    return [(int(us), answer) for us, _, answer in parts]


def days(count):
    """Other days: the answer of a day is kept until the data changes."""
    last = datetime.date.fromisoformat(AS_OF)
    return [(last - datetime.timedelta(days=number)).isoformat() for number in range(count)]


def ask_segment(store, runs):
    """{question: [milliseconds]} and the answer to both."""
    asked = []
    for day in days(runs + 1):
        asked.append(f"GET /api/v1/segments/bench/count?as_of={day}")
        asked.append("SQL " + " ".join(BY_HAND.format(day=day).split()))
    answers = in_process(store, asked)
    for segment, hand in zip(answers[0::2], answers[1::2]):
        if json.loads(segment[1])["count"] != int(hand[1]):
            sys.exit(f"the segment counts {segment[1]}, the SQL by hand {hand[1]}")
    times = [us / 1000 for us, _ in answers[2:]]  # the first of each warms up
    return {"SQL by hand": times[1::2], "segment count": times[0::2]}, int(answers[1][1])


def compare_segment(stores, runs):
    """stores: {title: store}. The reference is the SQL by hand on the first of them."""
    measured, counts = {}, set()
    for title, store in stores.items():
        times, count = ask_segment(store, runs)
        measured |= {title + question: each for question, each in times.items()}
        counts.add(count)
    if len(counts) > 1:
        sys.exit(f"the stores count {counts}")
    base = frame.median(next(iter(measured.values())))
    frame.heading(f"A segment of three behavioural clauses, in process, {counts.pop():,} customers "
                  f"in it, {runs} runs")
    frame.print_table(["", "median", "min–max", "ratio"], [
        [name, f"{frame.median(times):.1f} ms", f"{min(times):.1f}–{max(times):.1f}",
         f"{frame.median(times) / base:.2f}"] for name, times in measured.items()])


def measure_customers(stores, number):
    """stores: {title: store}, the first in a folder."""
    customers = query(next(iter(stores.values())), "SELECT id, number, lower(given_name), "
                      "lower(family_name) FROM customer WHERE family_name IS NOT NULL "
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
        for title, store in stores.items():
            times = sorted(us / 1000 for us, _ in in_process(store, lines))
            slow = times[len(times) * 99 // 100]
            rows.append([title + name] +
                        [f"{ms:.2f} ms" for ms in (frame.median(times), slow, times[-1])])
    frame.heading(f"Finding and viewing customers, in process, {len(customers):,} each")
    frame.print_table(["", "p50", "p99", "slowest"], rows)


# What pages of the web app ask for, over all data: as of another day each time.
QUESTIONS = {
    "overview": "reports/overview?to={day}",
    "sales by month": "reports/sales?by=month&to={day}",
    "revenue by month": "metrics/revenue_gross/values?by=month&to={day}",
    "revenue by category": "metrics/revenue_gross/values?by=category&to={day}",
    "revenue by brand and month": "metrics/revenue_gross/values?by=brand&by=month&to={day}",
    "customers by country": "metrics/customers/values?by=country&to={day}",
    "stores": "reports/stores?to={day}",
    "VAT by month": "reports/vat?by=month&to={day}",
    "spend of customers": "reports/pareto?to={day}",
    "RFM": "rfm?as-of={day}",
    "cohorts": "cohorts?to={day}",
}


def compare_questions(stores, runs):
    """The reference is the first store."""
    rows = []
    for name, question in QUESTIONS.items():
        asked = [f"GET /api/v1/{question.format(day=day)}" for day in days(runs + 1)]
        medians = [frame.median(us / 1000 for us, _ in in_process(store, asked)[1:])
                   for store in stores.values()]
        rows.append([name, *(f"{each:.1f} ms" for each in medians),
                     f"{medians[-1] / medians[0]:.2f}"])
    frame.heading(f"Questions over all data, in process, median of {runs} runs")
    frame.print_table(["", *(title.rstrip(": ") for title in stores), "ratio"], rows)


def main():
    parser = argparse.ArgumentParser(prog="./dev bench segment")
    parser.add_argument("--store", choices=["folder", "postgresql"], default="folder")
    parser.add_argument("--customers", type=int)
    parser.add_argument("--lines", type=int)
    parser.add_argument("--runs", type=int, default=11)
    arguments = parser.parse_args()
    is_shared = arguments.store == "postgresql"
    customers = arguments.customers or (100_000 if is_shared else 1_000_000)
    frame.print_machine()
    store = made(customers, arguments.lines or 20 * customers)
    counts = query(store, "SELECT (SELECT count(*) FROM customer), (SELECT count(*) FROM sale), "
                   "(SELECT count(*) FROM sale_line)")[0]
    print("customers {:,}, receipts {:,}, lines {:,}".format(*map(int, counts)))
    if not is_shared:
        compare_segment({"": store}, arguments.runs)
        measure_customers({"": store}, 1000)
        return
    with database.server() as server:
        database.print_server(server)
        address = database.fresh_store(server, "segment_store")
        frame.show("copying the store into PostgreSQL")
        frame.run(database.copy(store, address))
        stores = {"folder: ": store, "PostgreSQL: ": address}
        compare_segment(stores, arguments.runs)
        compare_questions(stores, arguments.runs)
        measure_customers(stores, 300)


main()
