# SPDX-License-Identifier: Apache-2.0
"""Runs every *_test.py of tools and bench; closes with the line that ./dev test adds up."""
import pathlib
import sys
import unittest

root = pathlib.Path(__file__).resolve().parent.parent
suite = unittest.TestSuite()
for folder in ("tools", "bench"):
    suite.addTests(unittest.TestLoader().discover(str(root / folder), pattern="*_test.py"))
result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(suite)
failed = len(result.failures) + len(result.errors)
skipped = len(result.skipped)
print(f"{result.testsRun - failed - skipped} passed, {failed} failed, {skipped} skipped")
sys.exit(failed > 0)
