#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The same regression with statsmodels, with White's errors HC1: for HC3 version 0.13 makes a
square matrix of all rows.

    regression_reference.py FILE    what `regression make` wrote
"""
import sys
import time

import numpy
import statsmodels.api

LEVELS = (7, 10)


def main():
    columns = numpy.fromfile(sys.argv[1]).reshape(7, -1)
    begin, busy = time.perf_counter(), time.process_time()
    parts = [numpy.ones(columns.shape[1]), *columns[1:5]]
    for codes, levels in zip(columns[5:], LEVELS):
        parts += [(codes == level).astype(float) for level in range(1, levels)]
    fit = statsmodels.api.OLS(columns[0], numpy.column_stack(parts)).fit()
    robust = fit.get_robustcov_results("HC1")
    figures = fit.params[1], fit.bse[1], fit.rsquared, robust.bse[1]
    print("fit", int((time.perf_counter() - begin) * 1e6), int((time.process_time() - busy) * 1e6),
          *(f"{figure:.12g}" for figure in figures), sep="\t")


main()
