# SPDX-License-Identifier: Apache-2.0
"""k-means beside scikit-learn. A subject of analyze_bench.py."""
import analyze_cluster


def run(options):
    analyze_cluster.beside_scikit_learn("k_means", ["k_means", "k_means++"], options.runs)
    analyze_cluster.growth("k_means", options.largest)
