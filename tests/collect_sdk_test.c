// SPDX-License-Identifier: Apache-2.0
// A library that people use already sends to Tessera as it is.
#include "base/json.h"
#include "store/store_testing.h"
#include "tests/program.h"

#include <signal.h>
#include <unistd.h>

static const char script[] = TEST_SOURCE "/tests/collect_sdk.mjs";
static const char library[] = TEST_SOURCE "/node_modules/@segment/analytics-node";

TEST(the_library_of_segment_for_node_sends_here_unchanged) {
    const struct served *served;
    struct program_result added;
    struct text key;
    struct json *json;

    if (access(library, F_OK) != 0)
        test_skip("@segment/analytics-node is not installed");
    added = run_program(scope, "source add shop --type server --format json", TEXT(""));
    CHECK_OK(json_parse(scope, added.out, &json));
    key = json_member(json, "key")->string;
    served = serve_program(scope, "");
    CHECK_INT(
        run_other(scope, (const char *const[]){"node", script,
                                               arena_printf(&scope->arena, "http://127.0.0.1:%d",
                                                            served->port),
                                               text_string(&scope->arena, key), NULL}),
        0);
    kill(served->process, SIGTERM);
    CHECK_INT(wait_program(served->process), 0);
    test_store_in_folder(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT name, count(*) FROM event GROUP BY name ORDER BY "
                                         "name"),
                 "Counted|100\nalias|1\ngroup|1\nidentify|1\npage|1\nscreen|1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT given_name FROM customer WHERE given_name IS NOT "
                                         "NULL"),
                 "Ada");
}
