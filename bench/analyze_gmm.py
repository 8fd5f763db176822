# SPDX-License-Identifier: Apache-2.0
"""Gaussian mixtures beside scikit-learn. A subject of analyze_bench.py."""
import analyze_cluster


def run(options):
    analyze_cluster.beside_scikit_learn("gmm", ["gmm"], options.runs)
    analyze_cluster.growth("gmm", options.largest)
