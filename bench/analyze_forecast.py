# SPDX-License-Identifier: Apache-2.0
"""Forecasts: Theta and ETS over 3,000 monthly series beside R's package forecast, which is given
every 75th of them, its times multiplied: all of them would take it an hour. A subject of
analyze_bench.py.
"""
import statistics

import frame
from frame import told

PROGRAM = frame.ROOT / "build/bench/forecast"
REFERENCE = frame.ROOT / "bench/forecast_reference.R"
CORES = frame.os.cpu_count() or 1
SERIES = 3000
STEP = 75
WORDS = {
    "theta": "Theta",
    "ets": "ETS, the form by AICc",
    "tried": "both and the naive one, tried on the past from 4 origins",
}


def some_series():
    path = frame.fresh("series.txt")
    with open(path, "w", encoding="ascii") as out:
        frame.subprocess.run([PROGRAM, "write", str(SERIES), str(STEP)], stdout=out, check=True)
    return path


def by_r(path):
    with open(path, encoding="ascii") as series:
        found = told(["Rscript", REFERENCE], series)
    return {what: (wall * STEP, busy * STEP, figures)
            for what, (wall, busy, figures) in found.items()}


def run(options):
    path = some_series()
    subjects = {
        f"R forecast, {SERIES // STEP} series × {STEP}": ([by_r(path)]),
        "tessera, 1 thread": [],
        f"tessera, {CORES} threads": [],
    }
    for _ in range(options.runs):
        for name, threads in zip(list(subjects)[1:], (1, CORES)):
            subjects[name].append(told([PROGRAM, "fit", threads, SERIES, STEP]))
    print(f"\n{SERIES:,} monthly series of 6 to 12 years made up, one year held out, median of "
          f"{options.runs} (R: one run)\n")
    print("The ratio is of processor time. sMAPE and mean AICc are of the series that R had.\n")
    frame.print_table(["what", "subject", "s", "s of processors", "times as fast", "sMAPE",
                       "AICc"], list(rows_of(subjects)))


def rows_of(measured):
    for what, words in WORDS.items():
        slow = None
        for name, results in measured.items():
            if what not in results[0]:
                continue
            wall, busy = (statistics.median(each[what][kind] for each in results)
                          for kind in (0, 1))
            slow = slow or busy
            figures = results[0][what][2]
            has_reference = what in next(iter(measured.values()))[0]
            yield [words, name, f"{wall:.2f}", f"{busy:.2f}",
                   f"{slow / busy:,.0f}" if has_reference else "",
                   f"{100 * figures[0]:.2f}%" if figures[0] else "",
                   f"{figures[1]:.3f}" if what == "ets" else ""]
