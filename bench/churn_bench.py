# SPDX-License-Identifier: Apache-2.0
"""`./dev bench churn`: logistic regression, boosted trees and Shapley values beside scikit-learn
and XGBoost's Python package, and how they grow.

    --runs N        of each subject (3)
    --rows N        of the comparison (200,000)
    --largest N     rows of the last step of growth (10,000,000)
"""
import argparse
import statistics
import subprocess
import sys

import frame

PROGRAM = frame.ROOT / "build/bench/churn"
REFERENCE = frame.ROOT / "bench/churn_reference.py"
CORES = frame.os.cpu_count() or 1


def told(command):
    """(seconds, of processors, [figures]) of the line that a program writes."""
    answer = subprocess.run([str(word) for word in command], text=True, capture_output=True,
                            check=False)
    if answer.returncode != 0:
        sys.exit(answer.stderr)
    _, wall, busy, *figures = answer.stdout.split("\t")
    return int(wall) / 1e6, int(busy) / 1e6, [float(figure) for figure in figures]


def made(rows):
    path = frame.fresh(f"churn_{rows}.bin")
    subprocess.run([PROGRAM, "make", str(rows), path], check=True)
    return path


def subjects(path):
    reference = ["/usr/bin/python3", REFERENCE]
    for threads in (1, CORES):
        name = f"{threads} thread" + ("s" if threads > 1 else "")
        if threads == 1:
            yield "logistic", "scikit-learn lbfgs", [*reference, "lbfgs", 1, path]
            yield "logistic", "scikit-learn newton-cg", [*reference, "newton-cg", 1, path]
        yield "logistic", f"tessera, {name}", [PROGRAM, "logistic", threads, path]
        for model in ("trees", "explain"):
            yield model, f"xgboost, {name}", [*reference, model, threads, path]
            yield model, f"tessera, {name}", [PROGRAM, model, threads, path]


def beside_others(rows, runs):
    path = made(rows)
    models = ("logistic", "trees", "explain")
    chosen = sorted(subjects(path), key=lambda each: models.index(each[0]))
    measured = [[] for _ in chosen]
    for _ in range(runs):
        for results, (_, _, command) in zip(measured, chosen):
            results.append(told(command))
    print(f"\n{rows:,} rows of 18 features, fit and scores, median of {runs}\n")
    table, first = [], {}
    for results, (model, name, _) in zip(measured, chosen):
        wall, busy = (statistics.median(each[kind] for each in results) for kind in (0, 1))
        first.setdefault(model, wall)
        table.append([model, name, f"{wall:.2f}", f"{busy:.2f}", f"{first[model] / wall:.1f}",
                      *(f"{figure:.7f}" for figure in results[0][2][:2])])
    frame.print_table(["model", "subject", "s", "s of processors", "times as fast", "AUC",
                       "log-loss"], table)
    path.unlink()


def growth(largest):
    print("\nGrowth, all cores; the trees of Shapley values are grown from 200,000 rows\n\n"
          "| rows | logistic | MiB | Shapley values of trees | MiB |\n|--:|--:|--:|--:|--:|")
    rows = 100_000
    while rows <= largest:
        path = made(rows)
        cells = []
        for model in ("logistic", "explain"):
            wall, _, figures = told([PROGRAM, model, CORES, path])
            cells += [f"{wall:.2f}", f"{figures[2]:.0f}"]
        print(f"| {rows:,} | {' | '.join(cells)} |", flush=True)
        path.unlink()
        rows *= 10


def main():
    parser = argparse.ArgumentParser(prog="./dev bench churn")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--largest", type=int, default=10_000_000)
    options = parser.parse_args()
    frame.print_machine()
    beside_others(options.rows, options.runs)
    growth(options.largest)


main()
