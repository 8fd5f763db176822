#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The same fits as a data scientist writes them with numpy and scipy: the published log-likelihoods
over arrays, L-BFGS-B over the logarithms of the parameters with its own numeric gradient.

    lifetime_value_reference.py FILE [grouped]    lines "repeats last observed"

`grouped` counts equal histories once, which the usual packages do not do unless told.
"""
import sys
import time

import numpy
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1


def bg_nbd(log_parameters, x, last, observed, weight):
    r, alpha, a, b = numpy.exp(log_parameters)
    common = gammaln(r + x) - gammaln(r) + r * numpy.log(alpha)
    alive = betaln(a, b + x) - betaln(a, b) - (r + x) * numpy.log(alpha + observed)
    safe = numpy.maximum(x, 1)
    left = betaln(a + 1, b + safe - 1) - betaln(a, b) - (r + safe) * numpy.log(alpha + last)
    return -(weight * (common + numpy.where(x > 0, numpy.logaddexp(alive, left), alive))).sum()


def pareto_nbd(log_parameters, x, last, observed, weight):
    r, alpha, s, beta = numpy.exp(log_parameters)
    n = r + s + x
    far, near = max(alpha, beta), min(alpha, beta)
    second = s + 1 if alpha >= beta else r + x

    def part(time_):
        return hyp2f1(n, second, n + 1, (far - near) / (far + time_)) / (far + time_) ** n

    integral = part(last) - part(observed)
    alive = -(r + x) * numpy.log(alpha + observed) - s * numpy.log(beta + observed)
    left = numpy.log(numpy.maximum(s / n * integral, 1e-300))
    return -(weight * (gammaln(r + x) - gammaln(r) + r * numpy.log(alpha) + s * numpy.log(beta) +
                       numpy.logaddexp(alive, left))).sum()


def moment():
    return numpy.array([time.perf_counter(), time.process_time()])


def main():
    rows = numpy.loadtxt(sys.argv[1])
    begin = moment()
    if len(sys.argv) > 2:
        rows, weight = numpy.unique(rows, axis=0, return_counts=True)
    else:
        weight = numpy.ones(len(rows))
    grouping = moment() - begin
    columns = (*rows.T, weight)
    pace = (columns[2] * weight).sum() / (columns[0] * weight).sum()
    for name, likelihood, start in (("bg_nbd", bg_nbd, (1, pace, 1, 2)),
                                    ("pareto_nbd", pareto_nbd, (1, pace, 1, pace))):
        begin = moment()
        fit = minimize(likelihood, numpy.log(start), args=columns, method="L-BFGS-B",
                       options={"ftol": 1e-12, "gtol": 1e-6, "maxfun": 5000})
        wall, processor = (grouping + moment() - begin) * 1e6
        print(name, round(wall), round(processor), f"{-fit.fun:.8f}",
              *(f"{value:.8g}" for value in numpy.exp(fit.x)), fit.nfev, sep="\t")


main()
