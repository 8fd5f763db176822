#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The same groups by scikit-learn.

    cluster_reference.py make FILE POINTS DIMENSIONS    points of eight overlapping crowds
    cluster_reference.py k_means|gmm FILE DIMENSIONS K
"""
import sys
import time
import warnings

import numpy


def make(path, count, dimensions):
    chance = numpy.random.default_rng(1)
    centres = chance.uniform(-2, 2, (8, dimensions))
    points = centres[chance.integers(0, 8, count)] + chance.standard_normal((count, dimensions))
    points.astype(float).tofile(path)


def tell(what, begin, figure, iterations):
    now = moment()
    print(what, int((now[0] - begin[0]) * 1e6), int((now[1] - begin[1]) * 1e6), repr(figure),
          iterations, sep="\t")


def moment():
    return time.perf_counter(), time.process_time()


def k_means(points, k):
    from sklearn.cluster import KMeans
    begin = moment()
    fit = KMeans(k, init=points[:k], n_init=1, tol=0, max_iter=300).fit(points)
    tell("k_means", begin, fit.inertia_, fit.n_iter_)
    begin = moment()
    fit = KMeans(k, n_init=1, tol=0, max_iter=300, random_state=1).fit(points)
    tell("k_means++", begin, fit.inertia_, fit.n_iter_)


def gmm(points, k):
    from sklearn.mixture import GaussianMixture
    n = points.shape[1]
    model = GaussianMixture(k, means_init=points[:k], weights_init=numpy.full(k, 1 / k),
                            precisions_init=numpy.array([numpy.eye(n)] * k), tol=0, max_iter=20,
                            init_params="random_from_data")
    begin = moment()
    fit = model.fit(points)
    now = moment()
    print("gmm", int((now[0] - begin[0]) * 1e6), int((now[1] - begin[1]) * 1e6),
          repr(fit.score(points)), fit.n_iter_, sep="\t")


def main():
    warnings.simplefilter("ignore")  # that it has not converged is as asked
    if sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
        return
    points = numpy.fromfile(sys.argv[2]).reshape(-1, int(sys.argv[3]))
    {"k_means": k_means, "gmm": gmm}[sys.argv[1]](points, int(sys.argv[4]))


main()
