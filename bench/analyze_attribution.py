# SPDX-License-Identifier: Apache-2.0
"""Attribution: Markov removal effects beside numpy's dense solutions on PathData, and how the
kernels grow with journeys. A subject of analyze_bench.py.
"""
import statistics

import frame
from frame import told

PROGRAM = frame.ROOT / "build/bench/attribution"
REFERENCE = frame.ROOT / "bench/attribution_reference.py"
CORES = frame.os.cpu_count() or 1
WORDS = {
    "markov 1": "order 1, from paths to credit",
    "solve 1": "order 1, the solution alone",
    "markov 2": "order 2, from paths to credit",
    "markov 3": "order 3, from paths to credit",
}


def beside_numpy(runs):
    path = frame.shared_data("PathData.csv.gz")
    subjects = {
        "numpy": lambda: told(["/usr/bin/env", "OPENBLAS_NUM_THREADS=1", "/usr/bin/python3",
                               REFERENCE, path, 20]),
        "tessera, 1 thread": lambda: told([PROGRAM, "fit", 1, path]),
        f"tessera, {CORES} threads": lambda: told([PROGRAM, "fit", CORES, path]),
    }
    measured = {name: [] for name in subjects}
    for _ in range(runs):
        for name, measure in subjects.items():
            measured[name].append(measure())
    print(f"\nPathData, 10,000 paths, 12 channels, with nulls, median of {runs}\n")
    print("The ratio is of processor time. The credit is that of alpha: all must agree.\n")
    frame.print_table(["what", "subject", "ms", "ms of processors", "times as fast", "figure"],
                      list(rows_of(measured)))


def rows_of(measured):
    for what, words in WORDS.items():
        slow = None
        for name, results in measured.items():
            wall, busy = (statistics.median(each[what][kind] for each in results)
                          for kind in (0, 1))
            slow = slow or busy
            yield [words, name, f"{wall * 1000:.3f}", f"{busy * 1000:.3f}",
                   f"{slow / max(busy, 1e-6):,.0f}", f"{results[0][what][2][0]:.6f}"]


def growth(largest):
    print("\nGrowth: journeys made up over 20 channels, in seconds\n")
    print("| journeys | distinct paths | making up and grouping | seven rules | Markov 1 "
          "| Markov 2 | Markov 3 (states) | MiB |\n|--:|--:|--:|--:|--:|--:|--:|--:|")
    journeys = 100_000
    while journeys <= largest:
        result = told([PROGRAM, "grow", CORES, journeys, 20])
        print(f"| {journeys:,} | {result['group'][2][0]:,.0f} | {result['group'][0]:.2f} | "
              f"{result['rules'][0]:.2f} | {result['markov 1'][0]:.2f} | "
              f"{result['markov 2'][0]:.2f} | {result['markov 3'][0]:.2f} "
              f"({result['states 3'][2][0]:,.0f}) | {result['memory'][0] * 1e6 / 1024:.0f} |",
              flush=True)
        journeys *= 10


def run(options):
    beside_numpy(options.runs)
    growth(options.largest)
