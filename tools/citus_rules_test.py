# SPDX-License-Identifier: Apache-2.0
"""Citus' rules, each on a statement that keeps it and one that does not, and the product's own
statements against the list in docs/scale.md."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import citus_rules  # noqa: E402

LIBRARY = citus_rules.library()
PROGRAM = citus_rules.ROOT / "build/tessera"

METRICS = ["revenue_gross,receipts,sale_lines,basket_value", "units,products,discount",
           "customers,customers_new,customers_returning,revenue_per_customer,anonymous_share"]
TREES = [
    {"all": []},
    {"all": [{"attribute": "has_email", "operator": "is", "value": True},
             {"not": {"attribute": "number", "operator": "is_known"}}]},
    {"any": [{"sales": "sum_gross", "window": {"days": 90}, "where": {"category": "Tea"},
              "operator": ">=", "value": 5},
             {"sales": "days_since_last", "operator": ">", "value": 30},
             {"sales": "distinct_products", "operator": ">=", "value": 3}]},
    {"all": [{"consent": "newsletter", "channel": "email", "operator": "granted"},
             {"event": "page", "operator": ">=", "value": 2},
             {"event": "Cart Viewed", "where": {"category": "Tea"}}]},
    {"all": [{"rfm": "recency", "operator": ">=", "value": 3}]},
]


@unittest.skipUnless(LIBRARY, "libpg_query is not installed")
class CitusRules(unittest.TestCase):
    def setUp(self):
        self.parser = citus_rules.Parser(LIBRARY)

    def check(self, sql, kind, place="ledger"):
        (found, why), = citus_rules.lint(self.parser, [("statement", place, sql)]).values()
        self.assertEqual(found, kind, f"{sql}: {why}")

    def test_a_value_of_the_column_names_one_machine(self):
        self.check("SELECT name FROM customer WHERE id = $1", "one")
        self.check("SELECT name FROM customer WHERE $1 = id AND gender = 'f'", "one")
        self.check("SELECT name FROM customer WHERE id = $1 OR gender = 'f'", "all")
        self.check("SELECT name FROM customer WHERE gender = 'f'", "all")
        self.check("DELETE FROM identifier WHERE value = $1", "one")
        self.check("SELECT code FROM product WHERE id = $1", "one")

    def test_tables_are_joined_by_the_column_of_one_group(self):
        self.check("SELECT 1 FROM sale s JOIN sale_line l ON l.home = s.home AND l.sale_id = s.id",
                   "all")
        self.check("SELECT 1 FROM sale s JOIN customer c ON c.id = s.home WHERE c.id = $1", "one")
        self.check("SELECT 1 FROM sale s JOIN sale_line l ON l.sale_id = s.id", "pulled")
        self.check("SELECT 1 FROM sale s LEFT JOIN sale_line l ON l.sale_id = s.id", "refused")
        self.check("SELECT 1 FROM sale s JOIN product p ON p.id = s.id", "all")
        self.check("SELECT 1 FROM identifier i JOIN customer c ON c.id = i.origin", "pulled")

    def test_a_table_of_the_coordinator_is_not_joined(self):
        self.check("SELECT 1 FROM sale s JOIN import m ON m.id = s.import_id", "pulled")
        self.check("SELECT 1 FROM job j JOIN job_log l ON l.job_id = j.id", "one")

    def test_a_subquery_depends_on_the_column_or_on_nothing(self):
        self.check("SELECT 1 FROM sale s WHERE EXISTS (SELECT 1 FROM sale_line l "
                   "WHERE l.home = s.home)", "all")
        self.check("SELECT 1 FROM sale s WHERE EXISTS (SELECT 1 FROM sale_line l "
                   "WHERE l.sale_id = s.id)", "refused")
        self.check("SELECT 1 FROM sale s WHERE id IN (SELECT sale_id FROM sale_line)", "pulled")
        self.check("SELECT 1 FROM sale s WHERE home IN (SELECT id FROM customer)", "all")
        self.check("SELECT 1 FROM customer c WHERE NOT EXISTS (SELECT 1 FROM alias a "
                   "WHERE a.origin = c.id)", "all")
        self.check("DELETE FROM customer WHERE NOT EXISTS (SELECT 1 FROM identifier i "
                   "WHERE i.origin = customer.id)", "refused")

    def test_what_needs_all_machines_is_computed_first(self):
        self.check("WITH t AS MATERIALIZED (SELECT id FROM sale WHERE kind = 2) "
                   "SELECT 1 FROM t LEFT JOIN sale_line l ON l.sale_id = t.id", "pulled")
        self.check("SELECT 1 FROM (SELECT origin, count(*) FROM sale GROUP BY origin) t", "pulled")
        self.check("SELECT 1 FROM (SELECT home, count(*) FROM sale GROUP BY home) t", "all")
        self.check("SELECT sum(gross_micros) FROM sale GROUP BY channel", "all")
        self.check("SELECT count(DISTINCT number) FROM sale", "pulled")
        self.check("SELECT row_number() OVER (ORDER BY id) FROM sale", "pulled")
        self.check("SELECT row_number() OVER (PARTITION BY home) FROM sale", "all")
        self.check("SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gross_micros) FROM sale",
                   "pulled")

    def test_a_row_says_where_it_stands_and_stays_there(self):
        self.check("INSERT INTO customer (id, import_id) VALUES ($1, $2)", "one")
        self.check("INSERT INTO customer (import_id) VALUES ($1)", "refused")
        self.check("INSERT INTO event (id, home) VALUES ($1, (SELECT 1))", "refused")
        self.check("UPDATE event SET origin = $1 WHERE home = $2", "one")
        self.check("UPDATE event SET home = $1 WHERE home = $2", "refused")

    def test_a_conflict_is_seen_only_with_the_column(self):
        self.check("INSERT INTO event (id, home) VALUES ($1, $2) ON CONFLICT (home, id) DO NOTHING",
                   "one")
        self.check("INSERT INTO event (id, home) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
                   "refused")
        self.check("INSERT INTO segment (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                   "one")

    def test_what_differs_from_machine_to_machine_is_not_written(self):
        self.check("UPDATE customer SET created_at_us = random() WHERE id = $1", "refused")
        self.check("INSERT INTO alias (origin, customer) VALUES ($1, $2) ON CONFLICT (origin) "
                   "DO UPDATE SET customer = random()", "refused")
        self.check("UPDATE job SET done = random() WHERE id = $1", "one")

    def test_rows_are_not_copied_over_the_coordinator(self):
        self.check("INSERT INTO segment_member (segment_id, customer, since_us) "
                   "SELECT $1, id, 0 FROM customer", "pulled")
        self.check("INSERT INTO job_log (job_id, line) SELECT $1, max(line) FROM job_log", "one")

    def test_what_is_of_one_machine_only_is_refused(self):
        self.check("SELECT 1 FROM sale WHERE kind = 1 FOR UPDATE", "refused")
        self.check("SELECT 1 FROM sale WHERE home = $1 FOR UPDATE", "one")
        self.check("SELECT 1 FROM sale GROUP BY ROLLUP (kind)", "refused")
        self.check("WITH RECURSIVE w (id) AS (SELECT min(id) FROM sale UNION ALL "
                   "SELECT (SELECT min(id) FROM sale s WHERE s.id > w.id) FROM w) SELECT id FROM w",
                   "refused")

    def test_a_view_of_the_lake_shows_no_home(self):
        self.check("SELECT sum(gross_micros) FROM sale_line GROUP BY channel", "all", "lake")
        self.check("SELECT 1 FROM sale_line l JOIN sale s ON s.id = l.sale_id", "pulled", "lake")

    def test_what_postgresql_alone_is_told_counts(self):
        self.check("SELECT 1 FROM sale /* postgresql: WHERE home = $1 */", "one")

    def test_the_list_is_compared_both_ways(self):
        found = {"a": ("pulled", ["x"]), "b": ("all", []), "c": ("refused", ["y"])}
        self.assertEqual(citus_rules.faults(found, {"a": "pulled", "c": "refused"}), [])
        self.assertEqual(len(citus_rules.faults(found, {})), 2)
        self.assertEqual(len(citus_rules.faults(found, {"a": "pulled", "c": "pulled"})), 1)
        self.assertEqual(len(citus_rules.faults(
            found, {"a": "pulled", "b": "pulled", "c": "refused", "gone": "pulled"})), 2)

    def test_the_product_is_as_the_document_says(self):
        found = citus_rules.lint(self.parser, citus_rules.product_blocks())
        known = citus_rules.listed(citus_rules.DOCUMENT.read_text(encoding="utf-8"))
        self.assertGreater(len(found), 300)
        self.assertEqual(citus_rules.faults(found, known), [])

    def test_the_document_tells_how_each_table_stands(self):
        text = citus_rules.DOCUMENT.read_text(encoding="utf-8")
        for table in citus_rules.declared_tables().values():
            if table.is_spread:
                row = f"| `{table.name}` | by `{table.key}` |"
            elif table.stand == "TABLE_EVERYWHERE":
                row = f"| `{table.name}` | everywhere |"
            else:
                continue
            self.assertTrue(row in text, f"docs/scale.md has no row that begins with {row}")



@unittest.skipUnless(LIBRARY, "libpg_query is not installed")
@unittest.skipUnless(PROGRAM.exists(), "the program is not built")
class CompiledStatements(unittest.TestCase):
    """What the compilers of metrics and segments write is done in pieces at the worst."""

    @classmethod
    def setUpClass(cls):
        parser = citus_rules.Parser(LIBRARY)
        cls.linter = citus_rules.Linter(parser, citus_rules.lake_tables(parser))
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.ask("sample", "--customers", "20", "--years", "1")

    @classmethod
    def ask(cls, *words):
        answer = subprocess.run([PROGRAM, *words, "--data", f"{cls.folder.name}/store", "--format",
                                 "json"], capture_output=True, text=True, check=False)
        return json.loads(answer.stdout) if answer.returncode == 0 else None

    def check(self, name, sql):
        found, why = self.linter.statement(sql)
        self.assertNotEqual(found, citus_rules.REFUSED, f"{name}: {why}")

    def test_metrics(self):
        dimensions = [row[0] for row in self.ask("metric", "list")["dimensions"]["rows"]]
        count = 0
        for dimension in dimensions:
            for metrics in METRICS:
                answer = self.ask("metric", metrics, "--by", dimension, "--sql")
                if answer:  # not every metric goes by every dimension
                    self.check(f"{metrics} by {dimension}", answer["sql"])
                    count += 1
        self.assertGreater(count, 2 * len(dimensions))

    def test_segments(self):
        for number, tree in enumerate(TREES):
            self.assertTrue(self.ask("segment", "create", f"s{number}", "--definition",
                                     json.dumps(tree)), tree)
            lines = self.ask("segment", "show", f"s{number}")["sql"]["rows"]
            self.check(tree, "\n".join(line for line, in lines))


if __name__ == "__main__":
    unittest.main()
