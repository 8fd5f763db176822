# SPDX-License-Identifier: Apache-2.0
"""Lifetime value: its kernels beside what a data scientist would write with scipy, and how they
grow. A subject of analyze_bench.py.
"""
import collections
import datetime
import statistics

import frame
from frame import told

PROGRAM = frame.ROOT / "build/bench/lifetime_value"
REFERENCE = frame.ROOT / "bench/lifetime_value_reference.py"
CORES = frame.os.cpu_count() or 1


def cdnow_histories(path):
    """Lines "repeats last observed" of CDNOW, weeks until 1997-09-30; days count."""
    end = datetime.date(1997, 9, 30)
    days = collections.defaultdict(set)
    for line in open(frame.DATA / "cdnow_master.txt", encoding="ascii").read().split("\n")[1:]:
        words = line.split()
        if words:
            date = words[1]
            day = datetime.date(int(date[:4]), int(date[4:6]), int(date[6:]))
            if day <= end:
                days[words[0]].add(day)
    with open(path, "w", encoding="ascii") as out:
        for each in days.values():
            first, last = min(each), max(each)
            out.write(f"{len(each) - 1} {(last - first).days / 7!r} {(end - first).days / 7!r}\n")
    return len(days)


def beside_scipy(runs):
    path = frame.fresh("cdnow.txt")
    customers = cdnow_histories(path)
    subjects = {
        "scipy": lambda: told(["/usr/bin/python3", REFERENCE, path]),
        "scipy, grouped": lambda: told(["/usr/bin/python3", REFERENCE, path, "grouped"]),
        "tessera, 1 thread": lambda: told([PROGRAM, "fit", 1], open(path, encoding="ascii")),
        f"tessera, {CORES} threads": lambda: told([PROGRAM, "fit", CORES],
                                                  open(path, encoding="ascii")),
    }
    measured = {name: [] for name in subjects}
    for _ in range(runs):
        for name, measure in subjects.items():
            measured[name].append(measure())
    print(f"\nCDNOW, {customers:,} customers, grouping and fit, median of {runs}\n")
    print("The ratio is of processor time, which what else runs on the machine changes least.\n")
    frame.print_table(["model", "subject", "ms", "ms of processors", "times as fast",
                       "log-likelihood"], list(rows_of(measured)))


def rows_of(measured):
    for model in ("bg_nbd", "pareto_nbd"):
        slow = None
        for name, results in measured.items():
            wall, busy = (statistics.median(each[model][kind] + each.get("group", (0, 0))[kind]
                                            for each in results) for kind in (0, 1))
            slow = slow or busy
            yield [model, name, f"{wall * 1000:.1f}", f"{busy * 1000:.1f}", f"{slow / busy:.1f}",
                   f"{results[0][model][2][0]:.6f}"]


def growth(largest):
    print("\nGrowth: customers made up, days of three years, in seconds\n")
    print("| customers | histories | group | bg_nbd | mbg_nbd | pareto_nbd | 12 months ahead "
          "| MiB |\n|--:|--:|--:|--:|--:|--:|--:|--:|")
    customers = 100_000
    while customers <= largest:
        result = told([PROGRAM, "grow", CORES, customers])
        fits = [f"{result[model][0]:.2f}" for model in ("bg_nbd", "mbg_nbd", "pareto_nbd")]
        ahead = "/".join(f"{result[f'ahead {model}'][0]:.2f}"
                         for model in ("bg_nbd", "mbg_nbd", "pareto_nbd"))
        print(f"| {customers:,} | {result['group'][2][0]:,.0f} | {result['group'][0]:.2f} | "
              f"{' | '.join(fits)} | {ahead} | {result['memory'][0] * 1e6 / 1024:.0f} |",
              flush=True)
        customers *= 10


def run(options):
    beside_scipy(options.runs)
    growth(options.largest)
