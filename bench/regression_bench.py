# SPDX-License-Identifier: Apache-2.0
"""`./dev bench regression`: least squares beside R's lm and statsmodels, and how it grows.

    --runs N        of each subject (3)
    --rows N        of the comparison (1,000,000)
    --largest N     rows of the last step of growth (10,000,000)
"""
import argparse
import shutil
import statistics
import subprocess
import sys

import frame

PROGRAM = frame.ROOT / "build/bench/regression"
CORES = frame.os.cpu_count() or 1


def told(command):
    """(seconds, of processors, [figures]) of the line "fit" that a program writes."""
    answer = subprocess.run([str(word) for word in command], text=True, capture_output=True,
                            check=False)
    if answer.returncode != 0:
        sys.exit(answer.stderr)
    _, wall, busy, *figures = answer.stdout.split("\t")
    return int(wall) / 1e6, int(busy) / 1e6, [float(figure) for figure in figures]


def made(rows):
    path = frame.fresh(f"regression_{rows}.bin")
    subprocess.run([PROGRAM, "make", str(rows), path], check=True)
    return path


def beside_others(rows, runs):
    path = made(rows)
    here = frame.ROOT / "bench"
    subjects = {"statsmodels": ["/usr/bin/python3", here / "regression_reference.py", path],
                "R lm": ["Rscript", here / "regression_reference.R", path],
                "tessera, 1 thread": [PROGRAM, "fit", 1, path],
                f"tessera, {CORES} threads": [PROGRAM, "fit", CORES, path]}
    subjects = {name: command for name, command in subjects.items() if shutil.which(command[0])}
    measured = {name: [] for name in subjects}
    for _ in range(runs):
        for name, command in subjects.items():
            measured[name].append(told(command))
    print(f"\n{rows:,} rows, 20 coefficients, median of {runs}. Tessera's time holds all of the"
          "\ndiagnostics (influence, HC0–HC3, tests); statsmodels' HC1, R's neither.\n")
    slow = statistics.median(each[0] for each in next(iter(measured.values())))
    table = []
    for name, results in measured.items():
        wall, busy = (statistics.median(each[kind] for each in results) for kind in (0, 1))
        table.append([name, f"{wall:.2f}", f"{busy:.2f}", f"{slow / wall:.1f}",
                      *(f"{figure:.10g}" for figure in results[0][2][:3])])
    frame.print_table(["subject", "s", "s of processors", "times as fast", "coefficient",
                       "standard error", "R²"], table)
    path.unlink()


def growth(largest):
    print("\nGrowth, all cores\n\n| rows | s | s of processors | MiB |\n|--:|--:|--:|--:|")
    rows = 100_000
    while rows <= largest:
        path = made(rows)
        wall, busy, figures = told([PROGRAM, "fit", CORES, path])
        print(f"| {rows:,} | {wall:.2f} | {busy:.2f} | {figures[3]:.0f} |", flush=True)
        path.unlink()
        rows *= 10


def main():
    parser = argparse.ArgumentParser(prog="./dev bench regression")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--largest", type=int, default=10_000_000)
    options = parser.parse_args()
    frame.print_machine()
    beside_others(options.rows, options.runs)
    growth(options.largest)


main()
