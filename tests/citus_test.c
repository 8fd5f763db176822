// SPDX-License-Identifier: Apache-2.0
// A real Citus cluster, which TESSERA_TEST_CITUS names: spreading a store with the program, and the
// same numbers as from a folder. The tests of the store run there with TESSERA_TEST_STORE=citus.
// Without one, what a plain PostgreSQL can show: the program works with a cluster's keys and views.
#include "store/citus_testing.h"
#include "store/store_testing.h"
#include "tests/program.h"

#include <string.h>

static const char *const questions[] = {
    "metric revenue_gross --by month",
    "metric receipts --by channel",
    "metric customers --by store",
    "report pareto",
    "cohorts",
    "metric units --by product --limit 20",
};

static struct text told(struct scope *scope, const char *command) {
    const struct program_result result = run_program(scope, command, (struct text){0});

    if (result.exit_code != 0)
        test_fail(__FILE__, __LINE__, "tessera %s: %.*s", command, TEXT_ARG(result.err));
    return result.out;
}

static void check_answers(struct scope *scope, const char *folder, const char *cluster) {
    for (size_t i = 0; i < sizeof(questions) / sizeof(*questions); i++) {
        const struct text here =
            told(scope, arena_printf(&scope->arena, "%s --data %s", questions[i], folder));
        const struct text there =
            told(scope, arena_printf(&scope->arena, "%s --data %s", questions[i], cluster));

        CHECK_TEXT(there, text_string(&scope->arena, here));
    }
}

TEST(a_cluster_takes_a_store_spreads_it_and_tells_the_same) {
    const char *cluster = test_cluster(scope);
    const char *folder = arena_printf(&scope->arena, "%s/home", test_folder(scope));

    told(scope, arena_printf(&scope->arena, "sample --customers 200 --data %s", folder));
    told(scope, arena_printf(&scope->arena, "store copy --from %s --to %s --files %s/beside",
                             folder, cluster, test_folder(scope)));
    CHECK(memmem(
        told(scope, arena_printf(&scope->arena, "store distribute --dry-run --data %s", cluster))
            .data,
        1, "-", 1));
    told(scope, arena_printf(&scope->arena, "store distribute --data %s", cluster));
    check_answers(scope, folder, cluster);
    // A second run finds nothing to do.
    CHECK_TEXT(
        told(scope, arena_printf(&scope->arena, "store distribute --dry-run --data %s", cluster)),
        "-- all tables stand as they should\n");
}

TEST(a_store_that_is_spread_from_the_beginning_takes_the_sample_company) {
    const char *cluster = test_cluster(scope);
    const char *folder = arena_printf(&scope->arena, "%s/home", test_folder(scope));

    told(scope, arena_printf(&scope->arena, "setting set currency EUR --data %s", cluster));
    told(scope, arena_printf(&scope->arena, "store distribute --data %s", cluster));
    told(scope, arena_printf(&scope->arena, "sample --customers 200 --data %s", cluster));
    told(scope, arena_printf(&scope->arena, "sample --customers 200 --data %s", folder));
    check_answers(scope, folder, cluster);
}

// Newest first, as the list has them.
static void take_all_imports_back(struct scope *scope, const char *address) {
    struct text rest =
        told(scope, arena_printf(&scope->arena, "import list --format csv --data %s", address));

    text_split(rest, '\n', &rest);
    while (rest.size > 0) {
        const struct text line = text_split(rest, '\n', &rest);
        const struct text id = text_split(line, ',', &(struct text){0});

        told(scope,
             arena_printf(&scope->arena, "import undo %.*s --data %s", TEXT_ARG(id), address));
    }
}

// The keys hold the column, no row is without it and none changes it: a stand-in sees to that.
TEST(a_store_with_the_keys_and_views_of_a_cluster_tells_the_same) {
    const char *folder = arena_printf(&scope->arena, "%s/home", test_folder(scope));
    struct test_place place;

    if (!test_store_is_shared())
        test_skip("TESSERA_TEST_STORE is not postgresql");
    test_store(scope);
    test_citus_make(scope);
    test_cluster_spread(scope);
    place = test_store_place(scope);
    test_store_close(scope);
    told(scope,
         arena_printf(&scope->arena, "sample --customers 60 --years 1 --data %s", place.address));
    told(scope, arena_printf(&scope->arena, "sample --customers 60 --years 1 --data %s", folder));
    check_answers(scope, folder, place.address);
    take_all_imports_back(scope, place.address);
    test_store_open_at(scope, place);
    CHECK_STRING(test_ledger_rows(scope, "SELECT (SELECT count(*) FROM sale),"
                                         " (SELECT count(*) FROM event),"
                                         " (SELECT count(*) FROM identifier),"
                                         " (SELECT count(*) FROM customer)"),
                 "0|0|0|0");
}
