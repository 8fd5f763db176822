# SPDX-License-Identifier: Apache-2.0
"""`./dev bench analyze [SUBJECT]`: kernels beside what a data scientist would write with the usual
packages, and how they grow. Without a subject all of them, one after the other.

    --runs N        of each subject (5)
    --largest N     customers or journeys of the last step of growth (10,000,000)

To add a subject: a file analyze_NAME.py with run(options), and its name in SUBJECTS.
"""
import argparse
import importlib

import frame

SUBJECTS = [
    "attribution",
    "forecast",
    "gmm",
    "kmeans",
    "lifetime_value",
    "rfm",
]


def main():
    parser = argparse.ArgumentParser(prog="./dev bench analyze")
    parser.add_argument("subject", nargs="?", choices=SUBJECTS)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--largest", type=int, default=10_000_000)
    options = parser.parse_args()
    frame.print_machine()
    for subject in [options.subject] if options.subject else SUBJECTS:
        importlib.import_module(f"analyze_{subject}").run(options)


main()
