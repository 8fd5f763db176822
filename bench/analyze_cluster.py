# SPDX-License-Identifier: Apache-2.0
"""k-means and Gaussian mixtures beside scikit-learn on a million points of eight numbers, and how
they grow. A part of analyze_kmeans.py and analyze_gmm.py.
"""
import statistics

import frame
from frame import told

PROGRAM = frame.ROOT / "build/bench/cluster"
REFERENCE = frame.ROOT / "bench/cluster_reference.py"
CORES = frame.os.cpu_count() or 1
POINTS, DIMENSIONS, GROUPS = 1_000_000, 8, 8


def beside_scikit_learn(what, parts, runs):
    path = frame.fresh("points.f64")
    frame.run(["/usr/bin/python3", REFERENCE, "make", path, POINTS, DIMENSIONS])
    subjects = {
        f"scikit-learn, {CORES} threads": lambda: told(
            ["/usr/bin/python3", REFERENCE, what, path, DIMENSIONS, GROUPS]),
        "tessera, 1 thread": lambda: told([PROGRAM, what, 1, path, DIMENSIONS, GROUPS]),
        f"tessera, {CORES} threads": lambda: told([PROGRAM, what, CORES, path, DIMENSIONS, GROUPS]),
    }
    measured = {name: [] for name in subjects}
    for _ in range(runs):
        for name, measure in subjects.items():
            measured[name].append(measure())
    path.unlink()
    print(f"\n{POINTS:,} × {DIMENSIONS}, {GROUPS} groups, median of {runs}\n")
    frame.print_table(["what", "subject", "ms", "ms of processors", "times as fast",
                       "the same by processor", "figure", "iterations"],
                      list(rows_of(measured, parts)))


def rows_of(measured, parts):
    for part in parts:
        slow = None
        for name, results in measured.items():
            wall, busy = (statistics.median(each[part][kind] for each in results)
                          for kind in (0, 1))
            slow = slow or (wall, busy)
            figure, iterations = results[0][part][2]
            yield [part, name, f"{wall * 1000:.0f}", f"{busy * 1000:.0f}", f"{slow[0] / wall:.1f}",
                   f"{slow[1] / busy:.1f}", f"{figure:.9g}", f"{iterations:.0f}"]


def growth(what, largest):
    print("\nGrowth: eight numbers made up, eight groups, in seconds\n")
    print(f"| points | {what} | iterations | MiB |\n|--:|--:|--:|--:|")
    points = 100_000
    while points <= largest:
        result = told([PROGRAM, "grow", CORES, points])
        seconds, _, (_, iterations) = result[what]
        print(f"| {points:,} | {seconds:.2f} | {iterations:.0f} | "
              f"{result['memory'][0] * 1e6 / 1024:.0f} |", flush=True)
        points *= 10
