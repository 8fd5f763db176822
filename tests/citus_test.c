// SPDX-License-Identifier: Apache-2.0
// A real Citus cluster, which TESSERA_TEST_CITUS names: spreading a store with the program, and the
// same numbers as from a folder. The tests of the store run there with TESSERA_TEST_STORE=citus.
#include "store/citus_testing.h"
#include "tests/program.h"

#include <string.h>

static const char *const questions[] = {
    "metric revenue_gross --by month",
    "metric receipts --by channel",
    "metric customers --by store",
    "report pareto",
    "cohorts",
    "product list --limit 20",
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
    CHECK(memmem(told(scope, arena_printf(&scope->arena, "store distribute --dry-run --data %s",
                                          cluster))
                     .data,
                 1, "-", 1));
    told(scope, arena_printf(&scope->arena, "store distribute --data %s", cluster));
    check_answers(scope, folder, cluster);
    // A second run finds nothing to do.
    CHECK_TEXT(told(scope, arena_printf(&scope->arena, "store distribute --dry-run --data %s",
                                        cluster)),
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
