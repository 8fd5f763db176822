# SPDX-License-Identifier: Apache-2.0
"""The removal effects of a Markov chain as a data scientist would compute them with numpy: count
the steps of the paths, then one dense solution for each channel.

    attribution_reference.py FILE REPEATS    a CSV file as PathData, maybe packed

Writes lines "WHAT<tab>MICROSECONDS<tab>MICROSECONDS OF PROCESSORS<tab>figures".
"""
import collections
import csv
import gzip
import sys
import time

import numpy

START = ()


def read(path):
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [(row["path"].split(" > "), int(row["total_conversions"]), int(row["total_null"]))
                for row in csv.DictReader(lines)]


def count(paths, order):
    """Chances between states, of a conversion, and the states."""
    steps = collections.defaultdict(float)
    places = {START: 0}
    ends = collections.defaultdict(lambda: [0.0, 0.0])
    for touches, conversions, nulls in paths:
        before, weight = 0, conversions + nulls
        for i in range(len(touches)):
            state = tuple(touches[max(0, i - order + 1):i + 1])
            place = places.setdefault(state, len(places))
            steps[before, place] += weight
            before = place
        ends[before][0] += conversions
        ends[before][1] += nulls
    matrix = numpy.zeros((len(places), len(places)))
    for (one, other), weight in steps.items():
        matrix[one, other] = weight
    converting = numpy.array([ends[place][0] for place in range(len(places))])
    losing = numpy.array([ends[place][1] for place in range(len(places))])
    total = matrix.sum(axis=1) + converting + losing
    return matrix / total[:, None], converting / total, list(places)


def solve(matrix, converting, states):
    """The chance of a conversion, and of each channel what is lost without it."""
    whole = numpy.linalg.solve(numpy.eye(len(matrix)) - matrix, converting)[0]
    effects = {}
    for channel in sorted({name for state in states for name in state}):
        kept = [place for place, state in enumerate(states) if channel not in state]
        rest = numpy.eye(len(kept)) - matrix[numpy.ix_(kept, kept)]
        effects[channel] = 1 - numpy.linalg.solve(rest, converting[kept])[0] / whole
    return whole, effects


def tell(what, begin, times, figure):
    wall, busy = time.perf_counter() - begin[0], time.process_time() - begin[1]
    print(f"{what}\t{wall / times * 1e6:.0f}\t{busy / times * 1e6:.0f}\t{figure:.10g}")


def now():
    return time.perf_counter(), time.process_time()


def main():
    path, repeats = sys.argv[1], int(sys.argv[2])
    begin = now()
    paths = read(path)
    tell("read", begin, 1, len(paths))
    for order in (1, 2, 3):
        times = repeats if order == 1 else 1
        begin = now()
        for _ in range(times):
            chain = count(paths, order)
            _, effects = solve(*chain)
        credit = effects["alpha"] / sum(effects.values()) * sum(row[1] for row in paths)
        tell(f"markov {order}", begin, times, credit)
        if order == 1:
            begin = now()
            for _ in range(repeats):
                whole, _ = solve(*chain)
            tell("solve 1", begin, repeats, whole)


main()
