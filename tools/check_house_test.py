# SPDX-License-Identifier: Apache-2.0
"""Each rule of check_house.py, shown to fire and shown to hold its peace."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import check_house  # noqa: E402

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"


class HouseTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, path, text):
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def judge(self, text, path="src/host/customer/customer.c"):
        """What is wrong with a file of this text, which its wing's list names."""
        wing, _, name = path.removeprefix("src/").partition("/")
        if path.startswith("src/"):
            self.write(f"src/{wing}/meson.build", f"sources += files('{name}')\n")
        self.write(path, LICENCE + text)
        file = check_house.File(self.root, self.root / path)
        return [message for rule in check_house.RULES for _, message in rule(file)]

    def passes(self, text, *path):
        self.assertEqual(self.judge(text, *path), [])

    def fails(self, words, text, *path):
        faults = self.judge(text, *path)
        self.assertEqual(len(faults), 1, faults)
        self.assertIn(words, faults[0])


class IncludeTest(HouseTest):
    def test_includes_run_down(self):
        self.passes('#include "govern/audit/audit.h"\n#include "host/sale/sale.h"\n')
        self.fails("may not include analyze", '#include "analyze/metric/metric.h"\n')
        self.fails("may not include store", '#include "store/store.h"\n', "src/base/text.c")

    def test_nothing_includes_app(self):
        self.fails("nothing includes app", '#include "app/routes.h"\n')
        self.write("tests/meson.build", "tests += files('store_test.c')\n")
        self.fails("nothing includes app", '#include "app/routes.h"\n', "tests/store_test.c")
        self.passes('#include "app/routes.h"\n', "src/app/cli_main.c")

    def test_web_is_for_http_files(self):
        web = '#include "web/request.h"\n'
        self.fails("only *_http files", web)
        self.passes(web, "src/host/customer/customer_http.c")
        self.passes(web, "src/host/customer/customer_test.c")
        self.passes(web, "src/cli/command.c")
        self.passes(web, "src/app/routes.c")

    def test_cli_is_for_cli_files(self):
        cli = '#include "cli/command.h"\n'
        self.fails("only *_cli files", cli, "src/host/customer/customer_http.c")
        self.passes(cli, "src/host/customer/customer_cli.c")
        self.passes(cli, "src/app/commands.c")

    def test_cli_may_include_web_but_not_the_other_way_round(self):
        self.passes('#include "web/router.h"\n', "src/cli/command.h")
        self.fails("may not include cli", '#include "cli/command.h"\n', "src/web/router.c")

    def test_permissions_are_known_from_web_up(self):
        self.passes('#include "govern/access/access.h"\n', "src/web/router.c")
        self.fails("include govern", '#include "govern/audit/audit.h"\n', "src/web/router.c")
        self.fails("include govern", '#include "govern/access/access.h"\n', "src/store/job.c")

    def test_own_headers_come_before_the_system_s(self):
        self.fails("ours come first", '#include <stdio.h>\n#include "base/text.h"\n')

    def test_named_sql_is_its_folder_s_own(self):
        include = '#include "customer_sql.h"\n'
        self.fails("another folder", include)
        self.write("src/host/customer/customer.sql", "")
        self.passes(include)

    def test_includes_name_their_folder(self):
        self.fails("should name its folder", '#include "customer.h"\n')
        self.write("tests/meson.build", "tests += files('program_test.c')\n")
        self.fails("should name its folder", '#include "program.h"\n', "tests/program_test.c")
        self.write("tests/program.h", "")
        self.passes('#include "program.h"\n', "tests/program_test.c")

    def test_the_test_header_is_for_tests(self):
        self.fails("for tests", '#include "base/test.h"\n')
        self.passes('#include "base/test.h"\n', "src/host/customer/customer_test.c")


class SizeTest(HouseTest):
    def test_lines_have_at_most_100_columns(self):
        self.passes("//" + 98 * "é" + "\n")
        self.fails("101 columns", "//" + 99 * "x" + "\n")

    def test_files_have_at_most_800_lines(self):
        self.passes(799 * "\n")
        self.fails("801 lines", 800 * "\n")

    def test_files_of_the_web_app_have_at_most_400_lines(self):
        self.passes(399 * "\n", "ui/src/app.tsx")
        self.fails("401 lines", 400 * "\n", "ui/src/app.tsx")

    def test_what_is_generated_is_not_judged(self):
        self.write("ui/dist/assets/index.css", "x")
        self.write("ui/src/style.css", "x")
        self.assertEqual([file.path for file in check_house.house_files(self.root)],
                         ["ui/src/style.css"])

    def test_functions_have_at_most_70_lines(self):
        self.passes("int f(void) {\n" + 68 * "\n" + "}\n")
        self.fails("f has 71 lines", "int f(void) {\n" + 69 * "\n" + "}\n")

    def test_braces_in_strings_comments_and_directives_are_no_braces(self):
        noise = "char c = '{'; puts(\"}}\\\"}\"); // }\n/* { */\n#define X } \\\n}\n"
        self.fails("second has 80 lines", "static void first(int a,\n" "    int b) {\n" + noise +
                   "}\n\ncode second(void) {\n" + 78 * "x();\n" + "}\n")

    def test_long_tables_are_no_functions(self):
        self.passes("static const int table[] = {\n" + 90 * "    {1},\n" + "};\nTEST(x) {\n}\n")


class WordTest(HouseTest):
    def test_dangerous_functions_are_refused(self):
        for name in check_house.FORBIDDEN:
            with self.subTest(name):
                self.fails(f"{name} is not used here", f"void f(void) {{\n    {name} (x);\n}}\n")

    def test_their_safe_cousins_and_mentions_are_not(self):
        self.passes('void f(void) {\n    snprintf(a, 1, "system("); // system(\n    fgets(a);\n}\n')

    def test_structs_are_called_structs(self):
        self.fails("no typedef for a struct", "typedef struct a a;\n")

    def test_nothing_is_left_for_later(self):
        self.fails("do it", "// TO" "DO: the rest\n")

    def test_the_licence_is_stated(self):
        self.write("src/base/text.h", "#pragma once\n")
        self.assertIn("SPDX", check_house.findings(self.root)[0])


class StateTest(HouseTest):
    def test_mutable_state_is_refused(self):
        for text in ["static int count;\n", "int count = 1;\n", "struct {\n    int a;\n} state;\n",
                     "static _Thread_local char *last = 0;\n", "struct a all[4];\n",
                     "void f(void) {\n    static int calls = 0;\n}\n"]:
            with self.subTest(text):
                self.fails("mutable", text)

    def test_constants_types_and_functions_are_not_state(self):
        self.passes("struct session;\nextern const char sql_a[];\nenum { A = 1 };\n"
                    "typedef enum code {\n    OK = 0,\n} code;\nstruct a {\n    int b;\n};\n"
                    "static const struct a rows[] = {\n    {1},\n};\n_Static_assert(1, \"\");\n"
                    "static code f(int (*g)(int));\ncode f(int (*g)(int)) {\n    int i = 0;\n"
                    "    static const int j = 1;\n    return i + j;\n}\n")

    def test_the_logger_and_the_mains_may_keep_state(self):
        self.passes("static int level;\n", "src/base/log.c")
        self.passes("static int stopping;\n", "src/app/cli_main.c")


class SqlTest(HouseTest):
    def test_sql_stands_in_sql_files(self):
        sql = 'const char a[] = "SELECT 1";\n'
        self.fails("named blocks", sql)
        self.passes(sql, "src/store/ledger.c")
        self.passes(sql, "src/analyze/segment/segment_compile.c")
        self.fails("named blocks", sql, "src/analyze/rfm/rfm.c")
        self.passes(sql, "src/analyze/segment/segment_test.c")

    def test_sentences_are_not_sql(self):
        self.passes('const char a[] = "select a file with --from"; // SELECT it\n')


class ListTest(HouseTest):
    def test_a_source_that_no_list_names_is_found(self):
        self.write("src/host/meson.build", LICENCE)
        self.write("src/host/sale/sale.c", LICENCE)
        self.assertEqual(check_house.findings(self.root), [
            "src/host/sale/sale.c:1: 'sale/sale.c' is not listed in src/host/meson.build"])

    def test_exit_codes_and_their_page_agree(self):
        table = 'static const struct code_info infos[] = {\n    [OK] = {"ok", 200, 0},\n};\n'
        self.fails("docs/exit-codes.md has no row | 0 | `ok` | 200 |", table, "src/base/code.c")
        self.write("docs/exit-codes.md", "| 0 | `ok` | 200 | it worked |\n")
        self.passes(table, "src/base/code.c")


class DecisionTest(HouseTest):
    def test_decisions_have_a_number_of_their_own(self):
        self.write("docs/decisions/0001-one.md", "# 0001: One\n")
        self.write("docs/decisions/0002-two.md", "# 0002: Two\n")
        self.assertEqual(check_house.findings(self.root), [])
        self.write("docs/decisions/0002-three.md", "# 0003: Three\n")
        self.assertEqual(check_house.findings(self.root), [
            'docs/decisions/0002-three.md:1: the title does not begin with "# 0002: "',
            "docs/decisions/0002-two.md:1: 0002-three.md has the number 0002 already"])


if __name__ == "__main__":
    unittest.main()
