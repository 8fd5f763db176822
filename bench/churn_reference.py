#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The same models with scikit-learn and XGBoost's Python package.

    churn_reference.py lbfgs|newton-cg|trees|explain THREADS FILE    what `churn make` wrote
"""
import sys
import time

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

TAUGHT = 200_000


def logistic(solver, rows, labels):
    model = LogisticRegression(C=1, solver=solver, max_iter=1000,
                               tol=1e-4 if solver == "lbfgs" else 1e-8)
    return model.fit(rows, labels).predict_proba(rows)[:, 1]


def trees(what, rows, labels, threads):
    import xgboost

    model = xgboost.XGBClassifier(n_estimators=100, max_depth=4, learning_rate=0.1,
                                  tree_method="hist", n_jobs=threads)
    if what == "trees":
        return model.fit(rows, labels).predict_proba(rows)[:, 1]
    booster = model.fit(rows[:TAUGHT], labels[:TAUGHT]).get_booster()
    parts = booster.predict(xgboost.DMatrix(rows, nthread=threads), pred_contribs=True)
    return 1 / (1 + numpy.exp(-parts.sum(axis=1, dtype=float)))


def main():
    what, threads = sys.argv[1], int(sys.argv[2])
    table = numpy.fromfile(sys.argv[3]).reshape(-1, 19)
    rows, labels = numpy.ascontiguousarray(table[:, :18]), table[:, 18].astype(int)
    begin, busy = time.perf_counter(), time.process_time()
    if what in ("trees", "explain"):
        probabilities = trees(what, rows, labels, threads)
    else:
        probabilities = logistic(what, rows, labels)
    wall, busy = time.perf_counter() - begin, time.process_time() - busy
    print(what, int(wall * 1e6), int(busy * 1e6), f"{roc_auc_score(labels, probabilities):.9g}",
          f"{log_loss(labels, probabilities):.9g}", sep="\t")


main()
