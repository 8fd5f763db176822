# SPDX-License-Identifier: Apache-2.0
"""RFM scores and cohorts over a store of many receipts, beside the same questions in SQL written by
hand for DuckDB, in turn within one process. A subject of analyze_bench.py.
"""
import datetime
import json
import subprocess
import sys

import frame
from sample_store import AS_OF, made

CUSTOMERS, LINES = 1_000_000, 20_000_000

RFM_BY_HAND = """
    WITH bought AS (
        SELECT coalesce(a.customer, l.origin) AS customer,
            DATE '{day}' - max(l.sold_on) FILTER (WHERE l.kind = 'sale') AS recency,
            count(DISTINCT l.sale_id) FILTER (WHERE l.kind = 'sale') AS frequency,
            sum(l.gross_micros) AS monetary
        FROM sale_line l LEFT JOIN alias a ON a.origin = l.origin
        WHERE l.origin IS NOT NULL AND l.sold_on < DATE '{day}'
        GROUP BY 1 HAVING frequency > 0
    ), scored AS (
        SELECT ntile(5) OVER (ORDER BY recency DESC, customer) AS r,
            ntile(5) OVER (ORDER BY frequency, customer) AS f,
            ntile(5) OVER (ORDER BY monetary, customer) AS m, monetary
        FROM bought
    )
    SELECT count(*), sum(customers) FROM (
        SELECT r, f, m, count(*) AS customers, sum(monetary) FROM scored GROUP BY r, f, m)"""
COHORTS_BY_HAND = """
    WITH bought AS (
        SELECT DISTINCT coalesce(a.customer, l.origin) AS customer,
            date_trunc('month', l.sold_on) AS month
        FROM sale_line l LEFT JOIN alias a ON a.origin = l.origin
        WHERE l.origin IS NOT NULL AND l.kind = 'sale' AND l.sold_on <= DATE '{day}'
    ), placed AS (
        SELECT month, min(month) OVER (PARTITION BY customer) AS cohort FROM bought
    )
    SELECT count(*), sum(customers) FROM (
        SELECT cohort, month, count(*) AS customers FROM placed GROUP BY cohort, month)"""


def in_process(store, lines):
    """[milliseconds] of each line, asked within one process."""
    answers = subprocess.run([frame.ROOT / "build/bench/in_process", store], check=False,
                             input="\n".join(lines) + "\n", text=True, capture_output=True)
    if answers.returncode != 0:
        sys.exit(answers.stderr)
    parts = [line.partition("\t") for line in answers.stdout.splitlines()]
    for _, _, answer in parts:
        if answer.startswith("{") and "error" in json.loads(answer):
            sys.exit(answer)
    return [int(us) / 1000 for us, _, _ in parts]


def run(options):
    store = made(CUSTOMERS, LINES)
    last = datetime.date.fromisoformat(AS_OF)
    asked = []
    for number in range(options.runs + 1):  # other days: an answer is kept until the data change
        day = (last - datetime.timedelta(days=number)).isoformat()
        asked += [f"GET /api/v1/rfm?as-of={day}",
                  "SQL " + " ".join(RFM_BY_HAND.format(day=day).split()),
                  f"GET /api/v1/cohorts?to={day}",
                  "SQL " + " ".join(COHORTS_BY_HAND.format(day=day).split())]
    times = in_process(store, asked)[4:]  # the first of each warms up
    frame.heading(f"RFM and cohorts of {CUSTOMERS:,} customers and {LINES:,} lines, in process, "
                  f"{options.runs} runs")
    rows = []
    for place, name in ((0, "RFM"), (2, "cohorts")):
        hand = frame.median(times[place + 1::4])
        for which, offset in (("SQL by hand", 1), ("tessera", 0)):
            each = times[place + offset::4]
            rows.append([f"{name}, {which}", f"{frame.median(each):.0f} ms",
                         f"{min(each):.0f}–{max(each):.0f}", f"{frame.median(each) / hand:.2f}"])
    frame.print_table(["", "median", "min–max", "ratio"], rows)
